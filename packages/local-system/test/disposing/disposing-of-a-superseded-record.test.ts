import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { verifyCertificate } from '@mnv/disposal-certificate';
import { makeIndividualNumber } from '@mnv/testing';
import { newRecord } from '../command-line/new-record.ts';
import { CASE, REASON, startDisposalWorld } from './disposal-world.ts';
import type { DisposalWorld } from './disposal-world.ts';

let world: DisposalWorld;
beforeAll(async () => {
  world = await startDisposalWorld();
});
afterAll(() => world.stop());

/** Waits until retention has followed the vault so far, however slow the machine is. */
async function whenDue(recordId: string): Promise<void> {
  for (;;) {
    const due = await Array.fromAsync(world.people.requester.retention.due());
    if (due.some((one) => one.recordId === recordId)) return;
    await pause(200);
  }
}

describe('a record whose number was mistyped', () => {
  it('goes as any other: due at once, three people, an epoch, a certificate; its successor stays', async () => {
    const { operator, requester, approvers } = world.people;
    const [old] = (await world.storeRecords(1)) as [{ recordId: string; individualRef: string }];
    const { verification, noticeVersion } = newRecord('x');
    const { recordId: successor } = await operator.changeNumber({
      recordId: old.recordId,
      individualNumber: makeIndividualNumber(),
      from: '2026-11-01',
      reason: 'corrected',
      verification,
      noticeVersion,
    });
    await whenDue(old.recordId);

    const { dryRunId, summary } = await requester.retention.dryRun({ kind: 'due' });
    expect(summary).toMatchObject({ records: 1, parts: 1 });
    const records = await requester.retention.partOf(dryRunId, 1);
    expect(records).toEqual([old]);
    const batch = await requester.disposals.draft({ caseId: CASE, reason: REASON, records });
    await requester.disposals.request(batch);
    for (const { disposals } of approvers) await disposals.approve(batch);
    await requester.disposals.order(batch);
    expect(await world.readingOf(old.recordId)).toBe('already-disposed');
    await world.whenState(batch, 'certified');

    const jws = await requester.disposals.certificate(batch.disposalId);
    const options = { policy: world.policy(), tenantId: 't-001' };
    expect(await verifyCertificate(jws, options)).toMatchObject({ ok: true });
    expect(await world.readingOf(successor)).toBe('read');
    expect(await operator.findSuperseded({ individualRef: old.individualRef })).toEqual([]);
    expect(await operator.findRecords({ individualRef: old.individualRef })).toMatchObject([
      { recordId: successor },
    ]);
  });
});
