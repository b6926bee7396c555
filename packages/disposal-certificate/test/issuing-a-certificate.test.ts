import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePolicy } from '@mnv/transparency-log';
import {
  MalformedCertificateError,
  UnverifiableCertificateError,
  issueCertificate,
  readCertificate,
  verifyCertificate,
} from '../src/index.ts';
import type { EvidenceHead, EvidenceItem } from '../src/index.ts';
import { disposedWorld } from './certificate-world.ts';
import type { World } from './certificate-world.ts';

const policyOf = ({ policyText }: World) =>
  parsePolicy(policyText, { origins: 'key-name-or-below' });

async function issuing(world: World, changed: { head?: EvidenceHead; items?: EvidenceItem[] }) {
  const sources = { ...(await world.sources()), ...changed };
  return issueCertificate(sources, { privateKey: world.certificateKey, policy: policyOf(world) });
}

describe('issuing a certificate', () => {
  it('gives one that verifies, for any batch of any tree', async () => {
    const batch = fc.integer({ min: 1, max: 600 }).chain((stored) =>
      fc.record({
        stored: fc.constant(stored),
        disposed: fc.uniqueArray(fc.nat(stored - 1), { minLength: 1, maxLength: 30 }),
        grows: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(batch, async (options) => {
        const world = await disposedWorld(options);
        const { jws, digest } = await world.issue();
        const { fetch } = await world.log.publish();
        const policy = policyOf(world);
        const result = await verifyCertificate(jws, { policy, controlLog: fetch });
        expect(result.claims.flatMap(({ findings }) => findings)).toEqual([]);
        expect([result.ok, result.digest]).toEqual([true, digest]);
        const { items } = readCertificate(jws).certificate;
        expect(items).toHaveLength(options.disposed.length);
      }),
      { numRuns: 12 },
    );
  });

  it('puts every node of the key tree into it once, however many records lie below', async () => {
    const all = Array.from({ length: 640 }, (_, at) => at);
    const many = readCertificate(
      (await (await disposedWorld({ stored: 640, disposed: all })).issue()).jws,
    );
    const { before } = many.certificate.maps;
    const places = before.nodes.map(({ tree, level, index }) => [tree, level, index].join('/'));
    expect(new Set(places).size).toBe(places.length);
    const hashes = before.nodes.reduce((sum, { siblings }) => sum + 1 + siblings.length, 0);
    expect(hashes).toBeLessThan(640 / 8);
  });

  it('reveals nothing of a person of the tenant: only random ids stand for records', async () => {
    const { jws } = await (await disposedWorld({ stored: 5, disposed: [1, 2] })).issue();
    const { certificate } = readCertificate(jws);
    expect(Object.keys(certificate.items[0] ?? {})).toEqual([
      'recordId',
      'position',
      'dekCommitment',
      'egress',
    ]);
  });

  it('refuses what an auditor would find wrong, before it leaves', async () => {
    const world = await disposedWorld({ stored: 30, disposed: [1, 2, 3] });
    const { head, items } = world;
    const [one, two, three] = items as [EvidenceItem, EvidenceItem, EvidenceItem];
    const wrong: { head?: EvidenceHead; items?: EvidenceItem[] }[] = [
      { items: [one, two] },
      { items: [two, one, three] },
      { items: [one, two, { ...three, dekCommitment: two.dekCommitment }] },
      { head: { ...head, mapAfter: head.mapBefore } },
      { head: { ...head, epoch: 3 } },
      { head: { ...head, tenantId: head.tenantId, batchHash: head.mapBefore.nodeHash } },
      { head: { ...head, roots: head.roots.slice(0, 1) } },
    ];
    for (const changed of wrong)
      await expect(issuing(world, changed)).rejects.toThrow(UnverifiableCertificateError);
  });

  it('refuses what has no place in the format', async () => {
    const world = await disposedWorld({ stored: 5, disposed: [1] });
    const { head } = world;
    const wrong: EvidenceHead[] = [
      { ...head, caseId: 'a b' },
      { ...head, tenantId: 'T 1' },
      { ...head, by: { ...head.by, requested: { ...head.by.requested, sub: 'a\nb' } } },
    ];
    for (const changed of wrong)
      await expect(issuing(world, { head: changed })).rejects.toThrow(MalformedCertificateError);
    await expect(issuing(world, { items: [] })).rejects.toThrow(TypeError);
  });

  it('refuses a key that the policy does not name', async () => {
    const world = await disposedWorld({ stored: 5, disposed: [1] });
    const { privateKey } = generateKeyPairSync('ed25519');
    const issued = issueCertificate(await world.sources(), {
      privateKey,
      policy: policyOf(world),
    });
    await expect(issued).rejects.toThrow('P0 signature-invalid');
  });
});
