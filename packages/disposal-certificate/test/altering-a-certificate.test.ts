import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '@mnv/protocol';
import { logVerifierKey, parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { CompactSign } from 'jose';
import { certificateKeyName, readCertificate, verifyCertificate } from '../src/index.ts';
import type { DisposalCertificate } from '../src/index.ts';
import { alterationsOf, kindOf } from './alterations.ts';
import { deployment, disposedWorld } from './certificate-world.ts';
import type { World } from './certificate-world.ts';

let world: World;
let policy: Policy;
let jws: string;
let certificate: DisposalCertificate;

beforeAll(async () => {
  world = await disposedWorld({ stored: 200, disposed: [3, 4, 150], grows: false });
  policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
  ({ jws } = await world.issue());
  ({ certificate } = readCertificate(jws));
});

/** A certificate as somebody with the certificate key can make it, in any form. */
async function signed(value: object, key: KeyObject = world.certificateKey): Promise<string> {
  const kid = logVerifierKey(certificateKeyName(deployment), key).split('+')[1] as string;
  return new CompactSign(canonicalJson(value))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'mnv-disposal-certificate+jws', kid })
    .sign(key);
}

const verified = async (file: string) => verifyCertificate(file, { policy });

/** What no log and no proof shows: it is the word of who signs, and docs/certificate.md says so. */
const ISSUERS_WORD = new Set([
  '/certificateId',
  '/disposalId',
  '/caseId',
  '/issuedAt',
  '/issuer/controller',
  '/issuer/processor',
  '/items/*/egress/releases',
  '/items/*/egress/firstAt',
  '/items/*/egress/lastAt',
  '/items/*/egress/recipients',
  '/items/*/egress/recipients/*/act',
  '/items/*/egress/recipients/*/sub',
  '/roots',
  '/roots/*/ref',
  '/roots/*/epoch',
  '/roots/*/status',
  '/roots/*/kind',
  '/roots/*/assurance',
  '/roots/*/destroyAt',
]);

describe('altering a certificate', () => {
  it('by whoever has not its key is found, whatever is altered', async () => {
    const [header, , signature] = jws.split('.');
    const survivors: string[] = [];
    for (const { path, what, apply } of alterationsOf(certificate)) {
      const copy = structuredClone(certificate);
      apply(copy);
      const altered = [header, canonicalJson(copy).toString('base64url'), signature].join('.');
      const { ok, claims } = await verified(altered);
      if (ok || claims[0]?.verdict !== 'FAIL') survivors.push(`${path} ${what}`);
    }
    expect(survivors).toEqual([]);
  });

  it('by who has its key is found, but for what is the word of the issuer', async () => {
    const survivors = new Set<string>();
    let tried = 0;
    for (const { path, apply } of alterationsOf(certificate)) {
      const copy = structuredClone(certificate);
      apply(copy);
      tried += 1;
      const { ok } = await verified(await signed(copy));
      if (ok) survivors.add(kindOf(path));
    }
    expect(tried).toBeGreaterThan(1000);
    expect([...survivors].filter((kind) => !ISSUERS_WORD.has(kind))).toEqual([]);
  });

  it('in any bit of its text is found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(jws.length - 1), fc.nat(127), async (at, code) => {
        const character = String.fromCharCode(code);
        fc.pre(character !== jws[at] && !/\s/.test(character));
        const { ok } = await verified(jws.slice(0, at) + character + jws.slice(at + 1));
        expect(ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('by cutting it off, emptying it or adding to it is found', async () => {
    const files = [
      '',
      '..',
      jws.slice(0, -1),
      `${jws}A`,
      `${jws}.`,
      jws.split('.').slice(0, 2).join('.'),
      `${jws}\n${jws}`,
      await signed({}),
      await signed([]),
    ];
    for (const file of files) {
      const { ok, claims, certificate: read } = await verified(file);
      expect([ok, read !== undefined, claims[0]?.verdict]).toEqual([false, false, 'FAIL']);
      expect(claims).toHaveLength(13);
      expect(claims.slice(1).every(({ verdict }) => verdict === 'NOT CHECKED')).toBe(true);
    }
  });

  it('by members that are added, left out, in another order or of another kind is found', async () => {
    const { v, ...others } = certificate;
    const values = [
      { ...certificate, more: 1 },
      { ...others, v },
      others,
      { ...certificate, v: 2 },
      { ...certificate, v: '1' },
      { ...certificate, stage: 'irrecoverable' },
      { ...certificate, items: {} },
      { ...certificate, batch: { ...certificate.batch, individualNumber: '' } },
    ];
    for (const value of values) {
      const { ok, claims } = await verified(await signed(value));
      expect([ok, claims[0]?.findings[0]?.code]).toEqual([false, 'malformed']);
    }
  });

  it('by another spelling of the same JSON is found', async () => {
    const [header, payload, signature] = jws.split('.') as [string, string, string];
    const text = Buffer.from(payload, 'base64url').toString('latin1');
    const spellings = [` ${text}`, text.replace(':', ': '), `\u00ef\u00bb\u00bf${text}`];
    for (const spelling of spellings) {
      const file = [header, Buffer.from(spelling, 'latin1').toString('base64url'), signature];
      expect((await verified(file.join('.'))).ok).toBe(false);
    }
  });

  it('by signing it with another key, also under the name of the right one, is found', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const others = [await signed(certificate, privateKey)];
    const [header] = jws.split('.');
    others.push([header, ...(others[0] as string).split('.').slice(1)].join('.'));
    for (const file of others) {
      const { ok, claims } = await verified(file);
      expect(ok).toBe(false);
      expect(claims[0]).toMatchObject({ id: 'P0', verdict: 'FAIL' });
      expect(claims[0]?.findings.map(({ code }) => code)).toEqual(['signature-invalid']);
      // The evidence is the log's, and it still holds: who signs is a claim of its own.
      expect(claims.slice(1, 5).map(({ verdict }) => verdict)).toEqual(Array(4).fill('PASS'));
    }
  });

  it('by an algorithm of its own choice is found', async () => {
    const [, payload] = jws.split('.');
    const kid = readCertificate(jws).kid;
    for (const alg of ['none', 'HS256', 'Ed25519']) {
      const header = canonicalJson({ alg, typ: 'mnv-disposal-certificate+jws', kid });
      const file = [header.toString('base64url'), payload, 'AA'].join('.');
      expect((await verified(file)).claims[0]?.findings[0]?.code).toBe('malformed');
    }
  });
});
