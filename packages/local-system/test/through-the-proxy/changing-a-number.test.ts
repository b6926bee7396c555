import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NumberChange } from '@mnv/client';
import { decodeEntry } from '@mnv/protocol';
import { makeIndividualNumber } from '@mnv/testing';
import { commandLine, mynumber } from '../command-line/mynumber.ts';
import { newRecord } from '../command-line/new-record.ts';
import { writeNumbers } from '../command-line/numbers-file.ts';
import type { World } from './world.ts';
import { PAYROLL, startWorld } from './world.ts';

let world: World;
const place = mkdtempSync(join(tmpdir(), 'changing-'));

beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
  rmSync(place, { recursive: true });
});

const client = () => world.as('operator-1');
const stored = async (individualRef: string = `C-${randomUUID().slice(0, 8)}`) => {
  const record = newRecord(individualRef);
  return { ...record, ...(await client().storeRecord(record)) };
};
const changeOf = (recordId: string, changes: Partial<NumberChange> = {}): NumberChange => {
  const { verification, noticeVersion } = newRecord('C');
  return {
    recordId,
    individualNumber: makeIndividualNumber(),
    from: '2026-10-01',
    reason: 'changed',
    verification,
    noticeVersion,
    ...changes,
  };
};
const isSame = (one: { reveal(): string }, other: string) => one.reveal() === other;
const sizeOfLog = async () => (await world.entriesOf('t-001')).length;

describe('a change of a number', () => {
  it('stands in the log before it happens, with the record it is about, and under no number', async () => {
    const { recordId } = await stored();
    const before = await sizeOfLog();
    await client().changeNumber(changeOf(recordId));
    const [entry, ...more] = (await world.entriesOf('t-001')).slice(before);
    expect(entry).toMatchObject({
      k: 'act',
      op: 'change-number',
      rec: recordId,
      sub: world.subjectOf('operator-1'),
      dec: 'allow',
      cnt: 1,
    });
    expect(more).toEqual([]);
  });

  it('answers the record that holds the number, and the old one refuses by naming it', async () => {
    const { recordId, individualRef, individualNumber } = await stored();
    const change = changeOf(recordId);
    const { recordId: successor } = await client().changeNumber(change);
    const disclosed = await client().disclose({ recordId: successor, ...PAYROLL });
    expect(isSame(disclosed.individualNumber, change.individualNumber)).toBe(true);
    await expect(client().disclose({ recordId, ...PAYROLL })).rejects.toMatchObject({
      code: 'record-superseded',
      supersededBy: successor,
    });
    await expect(client().changeNumber(changeOf(recordId))).rejects.toMatchObject({
      code: 'record-superseded',
      supersededBy: successor,
    });
    expect(await client().findRecords({ individualRef })).toMatchObject([{ recordId: successor }]);
    expect(await client().findSuperseded({ individualRef })).toMatchObject([
      { recordId, superseded: { by: successor, reason: 'changed', from: '2026-10-01' } },
    ]);
    const filed = { recordId, purpose: 'TAX-WITHHOLD', caseId: 'GENSEN-2025', superseded: true };
    const old = await client().disclose(filed);
    expect(isSame(old.individualNumber, individualNumber)).toBe(true);
  });

  it('leaves the old number under an operation and a case of its own, which its receipt proves', async () => {
    const { recordId } = await stored();
    await client().changeNumber(changeOf(recordId));
    const filed = { recordId, purpose: 'TAX-WITHHOLD', caseId: 'GENSEN-2025', superseded: true };
    const before = await sizeOfLog();
    const { receipt } = await client().disclose(filed);
    const entries = await world.entriesSince(before, 2);
    expect(entries.map(({ k, op, case: named }) => [k, op, named])).toEqual([
      ['intent', 'disclose-superseded', 'GENSEN-2025'],
      ['outcome', 'disclose-superseded', 'GENSEN-2025'],
    ]);
    // The client has checked the receipt against the trust policy.
    const proven = receipt.entries.map((bytes) => decodeEntry(Buffer.from(bytes, 'base64')));
    expect(proven).toMatchObject([{ op: 'disclose-superseded', rec: recordId }]);
    const { rows } = await world
      .as('compliance-officer-1')
      .reportAccess({ from: '2026-01-01', to: '2099-12-31' });
    expect(rows.filter((row) => row.record === recordId).map((row) => row.operation)).toEqual(
      expect.arrayContaining(['change-number', 'disclose-superseded']),
    );
  });

  it('is refused in a stream line by line, and names the successor there as well', async () => {
    const { recordId } = await stored();
    const { recordId: successor } = await client().changeNumber(changeOf(recordId));
    const [line] = await Array.fromAsync(client().discloseAll([recordId], PAYROLL));
    expect(line).toMatchObject({ recordId, problem: { status: 409, supersededBy: successor } });
  });

  it('is refused to who may not store, of what is unknown, and of another tenant, with an entry', async () => {
    const { recordId } = await stored();
    const outcomes = [
      [world.as('operator-2').changeNumber(changeOf(recordId)), 'training-expired'],
      [client().changeNumber(changeOf(randomUUID())), 'record-not-found'],
    ] as const;
    for (const [answer, code] of outcomes) await expect(answer).rejects.toMatchObject({ code });
    const elsewhere = { path: `/v1/tenants/t-002/records/${recordId}/number-changes` };
    const { recordId: _, ...body } = changeOf(recordId);
    const headers = { 'idempotency-key': randomUUID() };
    const token = await world.tokenOf('operator-1');
    expect((await world.send({ ...elsewhere, token, headers, body })).status).toBe(404);
    expect(await client().findSuperseded({ individualRef: 'C' })).toEqual([]);
  });
});

describe('mynumber number change', () => {
  const COLUMNS =
    'recordId,individualNumber,from,reason,numberCheck,identityCheck,channel,verifiedOn,noticeVersion';
  const row = (recordId: string, from = '2026-10-01') =>
    `${recordId},${makeIndividualNumber()},${from},corrected,N1,I1,online,2026-10-02,2026-1`;
  const run = (file: string) =>
    mynumber(
      commandLine(`number change ${file}`, {
        tenant: 't-001',
        as: 'operator-1',
        endpoints: world.system.endpointsFile,
        json: true,
      }),
    );

  it('takes a file, row by row, and the same file again changes nothing twice', async () => {
    const one = await stored();
    const rows = [row(one.recordId), row(randomUUID()), row(one.recordId, 'someday')];
    const file = writeNumbers(join(place, 'changes.csv'), [COLUMNS, ...rows, ''].join('\n'));
    const { exitCode, out } = await run(file);
    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      changed: [{ line: 2, recordId: one.recordId, successor: expect.any(String) }],
      rejected: [
        { line: 3, code: 'record-not-found' },
        { line: 4, code: 'invalid-request', reason: 'from' },
      ],
    });
    expect((await run(file)).out).toBe(out);
  });

  it('refuses a file without its header, repeating nothing of it', async () => {
    const file = writeNumbers(join(place, 'headless.csv'), `${row(randomUUID())}\n`);
    const { exitCode, err } = await run(file);
    expect(exitCode).toBe(1);
    expect(err).toContain(COLUMNS);
  });
});
