import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DryRun, RecordLife, RetentionEvent, RetentionTask } from '@mnv/client';
import { clientFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';
import { newRecord } from './new-record.ts';

// 「退職」「社員-1」 in Shift_JIS, as Japanese offices save CSV.
const SHIFT_JIS_REF = Buffer.from([0x8e, 0xd0, 0x88, 0xf5, 0x2d, 0x31]);
const REF = '社員-1';

let system: LocalSystem;
let recordId: string;
const place = mkdtempSync(join(tmpdir(), 'keeping-'));
const events = join(place, 'events.csv');
const people = join(place, 'people.txt');

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
  const client = clientFor(system.endpoints, {
    person: 'operator-1',
    clientId: 'payroll',
    tenant: 't-001',
  });
  ({ recordId } = await client.storeRecord({ ...newRecord(REF), purposes: ['TAX-WITHHOLD'] }));
  await client.close();
  writeFileSync(people, `${REF}\n`);
});

afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

const command = (words: string, as: string, more: Record<string, string | true> = {}) =>
  commandLine(words, { tenant: 't-001', as, endpoints: system.endpointsFile, ...more });
const json = async <T>(words: string, as: string, more: Record<string, string | true> = {}) =>
  JSON.parse(await printedBy(command(words, as, { json: true, ...more }))) as T;
const life = () => json<RecordLife>(`retention life ${recordId}`, 'requester-1');

/** The vault’s feed arrives when it arrives. */
async function once<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(200);
  }
}

describe('from a leaving to a request for disposal', () => {
  it('the disposal service learns of a stored record by the vault’s feed', async () => {
    const found = await once(async () => {
      const args = command(`retention life ${recordId}`, 'requester-1', { json: true });
      const { exitCode, out } = await mynumber(args);
      return exitCode === 0 ? (JSON.parse(out) as RecordLife) : undefined;
    });

    expect(found).toMatchObject({ state: 'living', usesBook: 'undecided', held: false });
  });

  it('takes what happened from a Shift_JIS file of the HR system, once, and names bad rows', async () => {
    const rows = [
      `e-1,${'@'},E,left,2025-03-31,`,
      `e-2,${'@'},E,purpose-ended,2026-01-31,TAX-WITHHOLD`,
      `e-3,${'@'},E,left,soon,`,
    ].map((row) => `${row}\r\n`);
    const parts = ['id,individualRef,subject,kind,on,purpose\r\n', ...rows].flatMap((row) =>
      row.split('@').flatMap((text, at) => (at === 0 ? [text] : [SHIFT_JIS_REF, text])),
    );
    writeFileSync(events, Buffer.concat(parts.map((part) => Buffer.from(part))));
    const run = () => mynumber(command(`events import ${events}`, 'operator-1', { json: true }));
    const [first, second] = [await run(), await run()];

    expect([first.exitCode, second.exitCode]).toEqual([3, 3]);
    expect(JSON.parse(first.out)).toMatchObject({
      rows: 3,
      recorded: 2,
      known: 0,
      rejected: [{ line: 4, code: 'invalid-request', reason: 'Mend: on.' }],
    });
    expect(JSON.parse(second.out)).toMatchObject({ recorded: 0, known: 2 });
  });

  it('waits for two persons to decide about the book, and then is due', async () => {
    expect((await life()).number.blockedBy).toEqual(['R-BOOK:book-undecided']);
    const topics = await once(async () => {
      const { tasks } = await json<{ tasks: RetentionTask[] }>('retention tasks', 'requester-1');
      return tasks.length > 0 ? tasks.map(({ topic }) => topic) : undefined;
    });
    expect(topics).toEqual(['book']);

    const reason = { reason: '番号は申告書に記載させる' };
    const { decisionId } = await json<{ decisionId: string }>(
      'retention propose book no',
      'requester-1',
      reason,
    );
    const alone = await mynumber(command(`retention confirm ${decisionId}`, 'requester-1'));
    expect([alone.exitCode, alone.err]).toEqual([1, expect.stringContaining('second-person')]);
    await printedBy(command(`retention confirm ${decisionId}`, 'approver-1'));

    expect((await life()).number).toMatchObject({ deletableFrom: '2026-02-01', blockedBy: [] });
  });

  it('is held, and then requested as the dry run listed it', async () => {
    const hold = { reason: '税務調査', owner: '法務部', review: reviewDay() };
    const { holdId, copiesKept } = await json<{ holdId: string; copiesKept: boolean }>(
      'retention hold',
      'supervisor-1',
      {
        individuals: people,
        ...hold,
      },
    );
    const held = await json<DryRun>('retention dry-run', 'requester-1');
    expect(held.summary).toMatchObject({ records: 0, held: 1 });
    expect(copiesKept).toBe(true);
    await printedBy(command(`retention lift ${holdId}`, 'supervisor-1', { reason: '調査終了' }));

    const { dryRunId, summary } = await json<DryRun>('retention dry-run', 'requester-1');
    expect(summary).toMatchObject({ records: 1, bySubject: { E: 1 }, overdue: 1, parts: 1 });
    const { disposals } = await json<{ disposals: object[] }>(
      `retention request ${dryRunId}`,
      'requester-1',
      { case: 'DUE-2026-11', reason: '保存期間満了' },
    );
    expect(disposals).toMatchObject([
      { count: 1, notDue: 0, state: 'requested', caseId: 'DUE-2026-11' },
    ]);
  });

  it('is not approved any more once the person has come back, and is when that was a mistake', async () => {
    const [{ disposalId, batchHash } = { disposalId: '', batchHash: '' }] = await json<
      { disposalId: string; batchHash: string }[]
    >('disposal list', 'requester-1');
    const approve = () =>
      mynumber(command(`disposal approve ${disposalId}`, 'approver-2', { batch: batchHash }));
    const clerk = clientFor(system.endpoints, {
      person: 'requester-1',
      clientId: 'payroll',
      tenant: 't-001',
    });
    const tell = (event: RetentionEvent) => Array.fromAsync(clerk.retention.tell([event]));
    const back = { id: 'e-8', recordId, kind: 're-hired', on: '2026-04-01' } as const;
    expect(await tell(back)).toMatchObject([{ line: 1 }]);
    const { exitCode, err } = await approve();
    expect([exitCode, err]).toEqual([1, expect.stringContaining('disposal-conflict')]);
    await tell({ id: 'e-9', kind: 'corrected', corrects: 'e-8', instead: null });
    await clerk.close();
    expect((await approve()).exitCode).toBe(0);
  });

  it('tells a disposal under way of a hold that comes later', async () => {
    const placed = await json<{ reported: object[] }>('retention hold', 'supervisor-1', {
      individuals: people,
      reason: '訴訟',
      owner: '法務部',
      review: reviewDay(),
    });
    expect(placed.reported).toMatchObject([{ reported: true }]);
    const list = await printedBy(command('disposal list', 'requester-1'));
    expect(list).toContain('保全');
    const disposals = await json<{ disposalId: string; batchHash: string }[]>(
      'disposal list',
      'requester-1',
    );
    const [{ disposalId, batchHash } = { disposalId: '', batchHash: '' }] = disposals;
    const approving = command(`disposal approve ${disposalId}`, 'approver-1', { batch: batchHash });
    const { exitCode, err } = await mynumber(approving);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('held')]);
  });

  it('writes the registers of the guideline, for a spreadsheet, without a number', async () => {
    const file = join(place, 'register.csv');
    const period = { from: '2020-01-01', to: '2099-12-31', out: file };
    const written = async (kind: string, more: Record<string, string> = {}) => {
      await printedBy(command(`register ${kind}`, 'compliance-officer-1', { ...period, ...more }));
      return readFileSync(file);
    };
    const files = await written('files', { encoding: 'shift_jis', responsible: '田中 健一' });
    const [, ...rows] = new TextDecoder('shift_jis', { fatal: true }).decode(files).split('\r\n');
    expect(rows[0]).toContain('給与所得の源泉徴収票・給与支払報告書作成事務,田中 健一');
    const disposals = (await written('disposals')).toString('utf8');
    expect(disposals.startsWith('\ufeff廃棄ID')).toBe(true);
    expect(disposals).toContain('DUE-2026-11,1,申請済み requested');
    expect((await written('uses')).toString('utf8')).toContain('store');
    expect((await written('system-use')).toString('utf8')).toContain('record-retention-events');
    expect((await written('certificates')).toString('utf8')).toContain('証明書番号');
  });

  it('says all of it in Japanese first', async () => {
    const words = await printedBy(command(`retention life ${recordId}`, 'requester-1'));
    expect(words).toContain('法的保全中');
    expect(words).toContain('廃棄可 / deletable from 2026-02-01');
    expect(await printedBy(command('retention due', 'requester-1'))).toContain('保全中 / held');
  });
});

/** Half a year ahead. */
function reviewDay(): string {
  return new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10);
}
