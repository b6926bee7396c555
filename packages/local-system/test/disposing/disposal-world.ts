import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Disposal, DisposalBatch } from '@mnv/client';
import { decodeControlEntry } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import { decodeEntryBundle, parsePolicy } from '@mnv/transparency-log';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { newRecord } from '../command-line/new-record.ts';
import { startWorld } from '../through-the-proxy/world.ts';

export const CASE = 'LEAVERS-2026-12';
export const REASON = '退職。源泉徴収の保存期間が満了した。';
const PAYROLL = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };

export type DisposalWorld = Awaited<ReturnType<typeof startDisposalWorld>>;

/** A whole system, and the three people who dispose of something together. */
export async function startDisposalWorld(starting?: Promise<LocalSystem>) {
  const world = await startWorld(starting);
  const operator = world.as('operator-1');
  const people = {
    operator,
    requester: world.as('requester-1'),
    approvers: [world.as('approver-1'), world.as('approver-2')] as const,
    holder: world.as('compliance-officer-1'),
  };
  let stored = 0;

  async function storeRecords(
    count: number,
  ): Promise<{ recordId: string; individualRef: string }[]> {
    const records = Array.from({ length: count }, () => newRecord(`leaver-${(stored += 1)}`));
    const found: { recordId: string; individualRef: string }[] = [];
    for await (const line of operator.storeRecords(records)) {
      if (!('recordId' in line)) throw new Error('a record was not stored');
      const individualRef = records[line.line - 1]!.individualRef;
      found.push({ recordId: line.recordId, individualRef });
    }
    return found;
  }

  const draft = (records: readonly { recordId: string; individualRef?: string }[]) =>
    people.requester.disposals.draft({ caseId: CASE, reason: REASON, records });

  /** Drafted and asked for. */
  async function requested(count: number) {
    const records = await storeRecords(count);
    const batch = await draft(records);
    await people.requester.disposals.request(batch);
    return { records, batch };
  }

  async function approved(count: number) {
    const asked = await requested(count);
    for (const { disposals } of people.approvers) await disposals.approve(asked.batch);
    return asked;
  }

  /** Waits until it is so, however slow the machine is; the state then. */
  async function whenState(batch: DisposalBatch, state: string): Promise<Disposal> {
    for (;;) {
      const seen = await people.requester.disposals.get(batch.disposalId).catch(() => undefined);
      if (seen?.state === state) return seen;
      await pause(200);
    }
  }

  /** What reading a record gives: `read`, or the problem code. */
  async function readingOf(recordId: string, as: Client = operator): Promise<string> {
    return as.disclose({ ...PAYROLL, recordId }).then(
      () => 'read',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
  }

  /** The control log as it is stored; reading it so leaves no entry. */
  async function controlEntries(): Promise<ControlEntry[]> {
    const pool = world.database('vault');
    try {
      const { rows } = await pool.query<{ entries: Buffer }>(
        'select entries from vault.control_batch order by start',
      );
      return rows.flatMap((row) =>
        decodeEntryBundle(row.entries).map((bytes) => decodeControlEntry(bytes)),
      );
    } finally {
      await pool.end();
    }
  }

  return {
    ...world,
    people,
    storeRecords,
    draft,
    requested,
    approved,
    whenState,
    readingOf,
    controlEntries,
    policy: () =>
      parsePolicy(readFileSync(world.system.endpoints.logs.policy, 'utf8'), {
        origins: 'key-name-or-below',
      }),
  };
}

/** The problem code an act was refused with. */
export async function codeOf(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}
