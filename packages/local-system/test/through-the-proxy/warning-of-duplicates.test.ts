import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { NewRecord } from '@mnv/client';
import { newRecord } from '../command-line/new-record.ts';
import type { World } from './world.ts';
import { startWorld } from './world.ts';

const T = '/v1/tenants/t-001';
const NDJSON = { 'content-type': 'application/x-ndjson' };

let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await world.tokenOf('operator-1');
});
afterAll(() => world.stop());

const newKey = () => randomUUID().replaceAll(/[0-9]/g, 'x');
const another = ({ individualNumber }: NewRecord, individualRef: string): NewRecord => ({
  ...newRecord(individualRef),
  individualNumber,
});
const prepared = async (who: 'operator-1' | 'operator-2' = 'operator-1') =>
  Array.fromAsync(world.as(who).prepareDuplicateCheck());
const acts = async (since: number) =>
  (await world.entriesOf('t-001'))
    .slice(since)
    .map(({ k, op, cnt, sub, dec }) => ({ k, op, cnt, sub, dec }));

describe('preparing to compare numbers', () => {
  it('tells how far it is until it is done, and stands in the log', async () => {
    const before = (await world.entriesOf('t-001')).length;
    const progress = await prepared();
    expect(progress.at(-1)).toMatchObject({ state: 'ready' });
    expect(await acts(before)).toEqual([
      {
        k: 'act',
        op: 'prepare-duplicate-check',
        cnt: 0,
        sub: world.subjectOf('operator-1'),
        dec: 'allow',
      },
    ]);
  });

  it('is refused to who may not store, and that stands in the log', async () => {
    const before = (await world.entriesOf('t-001')).length;
    await expect(prepared('operator-2')).rejects.toMatchObject({ code: 'training-expired' });
    expect(await acts(before)).toEqual([
      expect.objectContaining({ k: 'deny', dec: 'deny:training-expired' }),
    ]);
  });
});

describe('a number that the tenant holds for another person', () => {
  it('is told of in a batch, after the log says to whom and how many', async () => {
    await prepared();
    const held = [newRecord('W-1'), newRecord('W-2')];
    for (const record of held) await world.as('operator-1').storeRecord(record);
    const before = (await world.entriesOf('t-001')).length;
    const lines = [another(held[0]!, 'W-3'), newRecord('W-4'), another(held[1]!, 'W-5')];
    const { text } = await world.send({
      path: `${T}/records/batch`,
      token,
      headers: { ...NDJSON, 'idempotency-key': newKey() },
      body: lines.map((one) => JSON.stringify(one)).join('\n'),
    });
    const answers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toEqual([
      { line: 1, recordId: expect.any(String), warning: 'held-for-another-person' },
      { line: 2, recordId: expect.any(String) },
      { line: 3, recordId: expect.any(String), warning: 'held-for-another-person' },
    ]);
    const entries = (await world.entriesOf('t-001')).slice(before);
    expect(entries.map(({ op, cnt }) => [op, cnt])).toEqual([
      ['store', 3],
      ['warn-of-duplicates', 2],
    ]);
    expect(entries[1]).toMatchObject({ rid: entries[0]!.rid, sub: world.subjectOf('operator-1') });
  });

  it('is told of in the client library, one by one and in a stream', async () => {
    await prepared();
    const client = world.as('operator-1');
    const first = newRecord('L-1');
    expect(await client.storeRecord(first)).toEqual({ recordId: expect.any(String) });
    const warned = { recordId: expect.any(String), warning: 'held-for-another-person' };
    expect(await client.storeRecord(another(first, 'L-2'))).toEqual(warned);
    const stored = client.storeRecords([another(first, 'L-3')]);
    expect(await Array.fromAsync(stored)).toEqual([{ line: 1, ...warned }]);
  });
});

describe('what a sweep found', () => {
  it('is told to who may read records, and that stands in the log', async () => {
    const [first, second] = [newRecord('F-1'), newRecord('F-2')];
    const ids: string[] = [];
    for (const record of [first, second, another(first, 'F-3')])
      ids.push((await world.as('operator-1').storeRecord(record)).recordId);
    const holders = randomUUID();
    const pool = world.database('vault');
    await pool.query(
      `with swept as (insert into vault.duplicate_sweep values ('t-001', now(), 3))
        insert into vault.duplicate_record values ('t-001', $1, $3), ('t-001', $2, $3)`,
      [ids[0], ids[2], holders],
    );
    await pool.end();
    const before = (await world.entriesOf('t-001')).length;
    const found = await world.as('requester-1').findDuplicates();
    expect(found).toMatchObject({ compared: 3, comparedBefore: expect.any(String) });
    expect(found.groups.map((group) => group.toSorted())).toEqual([
      ids.filter((_, at) => at !== 1).toSorted(),
    ]);
    expect(await acts(before)).toEqual([
      expect.objectContaining({ op: 'view-duplicates', sub: world.subjectOf('requester-1') }),
    ]);
  });

  it.each([
    ['without the right', 'compliance-officer-1', '', 403],
    ['of another tenant', 'operator-4', '', 404],
    ['with a cursor that was not given', 'operator-1', '?cursor=x', 400],
  ])('is not told %s', async (_what, person, query, status) => {
    const own = person === 'operator-4' ? 't-002' : 't-001';
    const asked = { path: `${T}/duplicates${query}`, token: await world.tokenOf(person, own) };
    expect((await world.send(asked)).status).toBe(status);
  });
});
