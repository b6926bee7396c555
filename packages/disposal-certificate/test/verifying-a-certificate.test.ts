import { beforeAll, describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { readCertificate, verifyCertificate } from '../src/index.ts';
import type { CertificateVerification } from '../src/index.ts';
import { disposedWorld, tenantId } from './certificate-world.ts';
import type { World } from './certificate-world.ts';

const verdicts = ({ claims }: CertificateVerification) =>
  Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));

const BY_ITSELF = {
  P0: 'PASS',
  P1: 'PASS',
  P2: 'PASS',
  P3: 'PASS',
  P4: 'PASS',
  P5: 'NOT CHECKED',
  P6: 'NOT CHECKED',
  C1: 'NOT CHECKED',
  C2: 'NOT CHECKED',
  N1: 'NOT CHECKED',
  N2: 'NOT CHECKED',
  N3: 'NOT CHECKED',
  N4: 'NOT CHECKED',
};

let world: World;
let policy: Policy;
let jws: string;

beforeAll(async () => {
  world = await disposedWorld({ stored: 300, disposed: [5, 6, 130, 7, 299], grows: true });
  policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
  ({ jws } = await world.issue());
});

describe('verifying a certificate', () => {
  it('proves what it can with the trust policy alone, and says what it did not check', async () => {
    const result = await verifyCertificate(jws, { policy, tenantId });
    expect(result.claims.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdicts(result)).toEqual(BY_ITSELF);
    expect(result.ok).toBe(true);
  });

  it('replays the whole control log where it is given', async () => {
    const { fetch } = await world.log.publish();
    const result = await verifyCertificate(jws, { policy, controlLog: fetch });
    expect(result.claims.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdicts(result)).toEqual({ ...BY_ITSELF, P6: 'PASS' });
    expect(result.claims.find(({ id }) => id === 'P6')).toMatchObject({
      checked: expect.any(Number),
    });
  });

  it('reads what was disposed of and by whom', () => {
    const { certificate } = readCertificate(jws);
    expect(certificate.items.map(({ recordId }) => recordId)).toEqual(
      world.items.map(({ recordId }) => recordId),
    );
    expect(certificate.people.approved.map(({ sub }) => sub)).toEqual(['approver-1', 'approver-2']);
  });
});
