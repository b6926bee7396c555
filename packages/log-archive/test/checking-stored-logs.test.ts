import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { LogState } from '../src/index.ts';
import { SEGMENT_ENTRIES, archiveLogs, fsckLog } from '../src/index.ts';
import type { ArchiveWorld } from './archive-world.ts';
import { BEGAN, YEAR_MS, openArchiveWorld } from './archive-world.ts';

const SIZE = SEGMENT_ENTRIES + 10_000;
const SMALL = 9_000;
type Log = { logId: string; origin: string };
let world: ArchiveWorld;
let admin: pg.Pool;
let log: Log;
let small: Log;
const later = () => world.run({ now: BEGAN + SIZE * 1_000 + YEAR_MS });

beforeAll(async () => {
  world = await openArchiveWorld();
  admin = world.database.pool('postgres');
  log = await world.writeLog(SIZE);
  small = await world.writeLog(SMALL);
  await archiveLogs(later());
});
afterAll(() => world.close());

const check = (of: Log, archived = true): Promise<LogState> => {
  const { ledger, policy, archive, archiveKey } = world.run();
  return fsckLog(of, { ledger, policy, archived: archived ? { archive, archiveKey } : undefined });
};
const codesOf = ({ findings }: LogState) => [...new Set(findings.map(({ code }) => code))];

/** Alters a stored row as no role of ours can, checks, and puts it back. */
async function altered(of: Log, [change, back]: [string, string]): Promise<LogState> {
  const superuser = await admin.connect();
  await superuser.query('set session_replication_role = replica; set search_path to access');
  try {
    await superuser.query(change.replaceAll('$LOG', `log_id = '${of.logId}'`));
    return await check(of);
  } finally {
    await superuser.query(back.replaceAll('$LOG', `log_id = '${of.logId}'`));
    superuser.release(true);
  }
}
const flipped = (table: string, column: string, where: string): [string, string] => {
  const flip = `update ${table} set ${column} = set_byte(${column}, 9, get_byte(${column}, 9) # 4) where $LOG and ${where}`;
  return [flip, flip];
};
const taken = (table: string, where: string): [string, string] => [
  `create table access.kept as select * from access.${table} where $LOG and ${where};
   delete from ${table} where $LOG and ${where}`,
  `insert into ${table} select * from kept; drop table kept`,
];
const BATCH = 'start = 3000';

describe('checking a log in the database', () => {
  it.each<[string, string, [string, string]]>([
    ['an altered entry', 'root-differs', flipped('log_batch', 'entries', BATCH)],
    ['an altered root', 'root-differs', flipped('log_batch', 'root', BATCH)],
    ['an altered edge', 'edge-differs', flipped('log_batch', 'edge', BATCH)],
    [
      'an altered signature',
      'checkpoint-not-accepted',
      [
        `update log_batch set checkpoint = replace(checkpoint, '— ', '—  ') where $LOG and ${BATCH}`,
        `update log_batch set checkpoint = replace(checkpoint, '—  ', '— ') where $LOG and ${BATCH}`,
      ],
    ],
    [
      'the checkpoint of another batch',
      'checkpoint-differs',
      [
        `create table access.kept as select * from log_batch where $LOG and ${BATCH};
         update log_batch set checkpoint = (select checkpoint from log_batch where $LOG and start = 0)
           where $LOG and ${BATCH}`,
        `update log_batch b set checkpoint = k.checkpoint from kept k where b.start = k.start and b.$LOG;
         drop table kept`,
      ],
    ],
    ['a batch that is gone', 'gap', taken('log_batch', BATCH)],
    ['a first batch that is gone', 'gap', taken('log_batch', 'start = 0')],
  ])('finds %s', async (_what, code, change) => {
    expect(codesOf(await altered(small, change))).toContain(code);
    expect(await check(small)).toMatchObject({ ok: true, findings: [], checked: SMALL });
  });

  it('sees a sound, shorter log where the end was cut off: that is for witnesses to find', async () => {
    const state = await altered(small, taken('log_batch', 'start = 6000'));

    expect(state).toMatchObject({ ok: true, expected: 6_000 });
  });
});

describe('checking a log whose old entries are archived', () => {
  it('reads every entry, in the database or in the archive', async () => {
    const state = await check(log);

    expect(state).toMatchObject({ ok: true, findings: [], expected: SIZE, checked: SIZE });
    expect(state).toMatchObject({
      missing: 0,
      forgotten: 0,
      segments: { expected: 1, checked: 1 },
    });
  });

  it('counts as missing what it was not shown', async () => {
    const state = await check(log, false);

    expect(codesOf(state)).toEqual(['archive-not-given']);
    expect(state).toMatchObject({ ok: false, expected: SIZE, missing: 63_000 });
  });

  it.each<[string, string, [string, string]]>([
    ['an altered hash tile', 'segment-differs', flipped('log_tile', 'hashes', 'idx = 9')],
    ['an altered tile above', 'tile-differs', flipped('log_tile', 'hashes', 'level = 1')],
    ['an altered root of a segment', 'segment-differs', flipped('log_segment', 'root', 'idx = 0')],
    ['an altered key', 'segment-damaged', flipped('log_segment', 'sealed_key', 'idx = 0')],
    ['hashes that are gone', 'tile-missing', taken('log_tile', 'idx = 9')],
    ['entries that left too early', 'gap', taken('log_batch', 'start < 67000')],
  ])('finds %s', async (_what, code, change) => {
    expect(codesOf(await altered(log, change))).toContain(code);
  });

  it('finds any object of the archive that is gone or altered', async () => {
    const names = readdirSync(world.place, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    expect(names).toHaveLength(259);
    const [tile = ''] = names.filter((name) => name.includes('/tile/0/'));
    const [sealed = '', manifest = ''] = ['.sealed', '.json'].map((end) =>
      names.find((name) => name.endsWith(end)),
    );

    for (const [name, gone] of [
      [tile, true],
      [tile, false],
      [sealed, false],
      [manifest, false],
    ] as const) {
      const bytes = readFileSync(name);
      rmSync(name);
      if (!gone) writeFileSync(name, bytes.with(40, (bytes[40] ?? 0) ^ 1));
      expect(codesOf(await check(log))).toEqual(['segment-damaged']);
      writeFileSync(name, bytes, { flag: 'w' });
    }
    expect(await check(log)).toMatchObject({ ok: true });
  });

  it('does not forget the key while a batch still holds entries of the segment', async () => {
    await archiveLogs(world.run({ now: BEGAN + SIZE * 1_000 + 7 * YEAR_MS }));

    expect(await check(log)).toMatchObject({ ok: true, forgotten: 0 });
  });
});
