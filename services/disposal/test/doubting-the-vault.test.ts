import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newLogKey, parsePolicy } from '@mnv/transparency-log';
import { makeCertifyDisposal } from '../src/disposals/certify-disposal.ts';
import type { Disposal, VaultStatus } from '../src/disposals/disposal.ts';
import { makeLookAtDisposal } from '../src/disposals/look-at-disposal.ts';

const { disposalId, tenantId, caseId, batchHash, count } = {
  disposalId: randomUUID(),
  tenantId: 't-001',
  caseId: 'LEAVERS-2026-12',
  batchHash: 'A'.repeat(43),
  count: 2,
};
const signedFor = { disposalId, tenantId, caseId, batchHash, count };
const disposal = { ...signedFor, certificate: undefined } as Disposal;

describe('a vault that speaks of another batch than people signed for here', () => {
  it.each<Partial<VaultStatus>>([{ batchHash: 'B'.repeat(43) }, { count: 3 }])(
    'is not believed, and raises the alarm: %j',
    async (other) => {
      const kept: VaultStatus[] = [];
      const alarms: unknown[] = [];
      const state = { state: 'erased', held: false, approvals: 2, indices: {} } as const;
      const look = makeLookAtDisposal({
        vault: { status: () => Promise.resolve({ batchHash, count, ...state, ...other }) },
        keepVaultStatus: (_key, status) => Promise.resolve(void kept.push(status)),
        reportContradiction: (key) => void alarms.push(key.disposalId),
      });
      await expect(look(disposal)).rejects.toThrow('another batch');
      expect([kept, alarms]).toEqual([[], [disposalId]]);
    },
  );

  it.each([
    { disposalId: randomUUID() },
    { tenantId: 't-002' },
    { caseId: 'LEAVERS-2026-11' },
    { batchHash: 'B'.repeat(43) },
    { count: 3 },
  ])('gets no certificate: %j', async (other) => {
    const unreached = () => Promise.reject(new Error('it went on'));
    const certify = makeCertifyDisposal({
      vault: {
        async *evidence() {
          yield await Promise.resolve(Buffer.from(JSON.stringify({ ...signedFor, ...other })));
        },
        certified: unreached,
      },
      policy: parsePolicy(`log ${newLogKey('test/control').vkey}\nquorum none\n`),
      cosignedLog: unreached,
      signingKey: generateKeyPairSync('ed25519').privateKey,
      takeCertificateNumber: unreached,
      keepCertificate: unreached,
      findCertificate: () => Promise.resolve(undefined),
      keepControlIndex: unreached,
      clock: () => 0,
    });
    await expect(certify(disposal)).rejects.toThrow('of another disposal');
  });
});
