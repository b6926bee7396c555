import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeControlEntry } from '@mnv/protocol';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import {
  appendLeaves,
  edgeToBytes,
  encodeEntryBundle,
  formatCheckpoint,
  leafHash,
  newLogKey,
  noteSigner,
  rootOf,
  signNote,
} from '@mnv/transparency-log';
import type { Edge } from '@mnv/transparency-log';
import type pg from 'pg';
import { COMMANDS } from '../src/commands.ts';
import { runProgram } from '../src/run-program.ts';

const ORIGIN = 'test/control';
const BEGAN = Date.parse('2026-12-10T00:00:00Z');
const BATCHES = [1, 3, 300, 20, 2];
const SIZE = 326;

const { privateKey, vkey } = newLogKey(ORIGIN);
const place = mkdtempSync(join(tmpdir(), 'control-fsck-'));
let database: TestDatabase;
let admin: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase('vault');
  admin = database.pool('postgres', { max: 1 });
  await writeControlLog(database.pool('vault_service'));
  await admin.query('set search_path to vault');
  const url = `${database.dsnOf('vault_service')}\n`;
  writeFileSync(join(place, 'url'), url, { mode: 0o600 });
  writeFileSync(join(place, 'policy'), `log ${vkey}\nquorum none\n`);
  const other = newLogKey(ORIGIN).vkey;
  writeFileSync(join(place, 'other-policy'), `log ${other}\nquorum none\n`);
});
afterAll(async () => {
  await database.drop();
  rmSync(place, { recursive: true });
});

async function writeControlLog(service: pg.Pool): Promise<void> {
  let edge: Edge = [];
  let start = 0;
  const leaves: Uint8Array[] = [];
  for (const n of BATCHES) {
    const entries = Array.from({ length: n }, (_, at) => entryAt(start + at));
    leaves.push(...entries.map((entry) => leafHash(entry)));
    edge = appendLeaves(start, edge, leaves.slice(start));
    const root = rootOf(edge);
    const checkpoint = formatCheckpoint({ origin: ORIGIN, size: start + n, root });
    await service.query('insert into control_batch values ($1, $2, $3, $4, $5, $6)', [
      start,
      n,
      Buffer.from(encodeEntryBundle(entries)),
      Buffer.from(root),
      signNote(checkpoint, [noteSigner(ORIGIN, privateKey)]),
      Buffer.from(edgeToBytes(edge)),
    ]);
    start += n;
  }
  const tile = Buffer.concat(leaves.slice(0, 256));
  await service.query('insert into control_tile values (0, 0, $1)', [tile]);
}

function entryAt(index: number): Uint8Array {
  return encodeControlEntry({
    v: 1,
    t: BEGAN + index * 1_000,
    n: randomBytes(16).toString('base64url'),
    op: 'checkpoint.seen',
    origin: 'test/access/one',
    size: index + 1,
    root: randomBytes(32).toString('base64url'),
  });
}

async function fsck(policy = 'policy', ...more: string[]) {
  const printed = { out: '', err: '' };
  const asked = ['log', 'fsck', '--control-url-file', 'url', '--policy', policy, ...more];
  const exitCode = await runProgram(asked, COMMANDS, {
    workingDirectory: place,
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    errIsTerminal: false,
    now: Date.now,
  });
  return { exitCode, ...printed };
}

/** Alters what is stored as no role of ours can, checks, and puts it back. */
async function altered([change, back]: [string, string]) {
  await admin.query(change);
  try {
    return await fsck();
  } finally {
    await admin.query(back);
  }
}
const flipped = (column: string, at: number, start = 304): [string, string] => {
  const flip = `update control_batch set ${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 4) where start = ${start}`;
  return [flip, flip];
};
const FLIP_TILE =
  'update control_tile set hashes = set_byte(hashes, 999, get_byte(hashes, 999) # 4)';
const FLIPPED_TILE: [string, string] = [FLIP_TILE, FLIP_TILE];
const taken = (where: string): [string, string] => [
  `create table kept as select * from control_batch where ${where}; delete from control_batch where ${where}`,
  'insert into control_batch select * from kept; drop table kept',
];

describe('checking the control log where it is stored', () => {
  it('reads every entry and finds it sound', async () => {
    const { exitCode, out, err } = await fsck();

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain(`期待 / expected ${SIZE}, 検証 / checked ${SIZE}`);
    expect(out).toMatch(/^test\/control: 326[^✗]*異常なし \/ sound\n$/);
    expect(JSON.parse((await fsck('policy', '--json')).out)).toMatchObject({
      ok: true,
      logs: [{ origin: ORIGIN, expected: SIZE, checked: SIZE, missing: 0 }],
    });
  });

  it.each<[string, string, [string, string]]>([
    ['an altered entry', 'root-differs @304', flipped('entries', 40)],
    ['an altered entry that was well-formed', 'entry-malformed @304', flipped('entries', 2)],
    ['a length that is wrong', 'batch-malformed @304', flipped('entries', 1)],
    ['the same in the newest batch', 'batch-malformed @324', flipped('entries', 1, 324)],
    ['an altered root', 'root-differs @304', flipped('root', 9)],
    ['an altered edge', 'edge-differs @304', flipped('edge', 9)],
    ['an altered hash tile', 'tile-differs @0', FLIPPED_TILE],
    [
      'a number of entries that is wrong',
      'batch-malformed @324',
      [
        'update control_batch set n = 9 where start = 324',
        'update control_batch set n = 2 where start = 324',
      ],
    ],
    [
      'an altered signature',
      'checkpoint-not-accepted @304',
      [
        `update control_batch set checkpoint = replace(checkpoint, '— ', '—  ') where start = 304`,
        `update control_batch set checkpoint = replace(checkpoint, '—  ', '— ') where start = 304`,
      ],
    ],
    [
      'the checkpoint of another batch',
      'checkpoint-differs @4',
      [
        `create table kept as select checkpoint from control_batch where start = 4;
         update control_batch set checkpoint = (select checkpoint from control_batch where start = 304) where start = 4`,
        `update control_batch set checkpoint = (select checkpoint from kept) where start = 4; drop table kept`,
      ],
    ],
    ['a batch that is gone', 'gap @4', taken('start = 4')],
    ['a first batch that is gone', 'gap @0', taken('start = 0')],
  ])('finds %s, and where', async (_what, finding, change) => {
    const { exitCode, out } = await altered(change);

    expect(out).toContain(`✗ ${finding}`);
    expect(out).toMatch(/異常あり \/ NOT sound\n$/);
    expect(exitCode).toBe(1);
    expect((await fsck()).exitCode).toBe(0);
  });

  it('finds every batch signed by a key that the policy does not know', async () => {
    const { exitCode, out } = await fsck('other-policy');

    expect(exitCode).toBe(1);
    expect(out.match(/✗ checkpoint-not-accepted/g)).toHaveLength(BATCHES.length);
  });

  it('calls no log a sound one', async () => {
    const { exitCode, err } = await altered(taken('true'));

    expect(exitCode).toBe(1);
    expect(err).toContain('holds no control log');
  });
});

describe('checking no database', () => {
  it('is refused with what to give', async () => {
    const printed: string[] = [];
    const exitCode = await runProgram(['log', 'fsck', '--policy', 'policy'], COMMANDS, {
      workingDirectory: place,
      out: () => undefined,
      err: (text) => void printed.push(text),
      errIsTerminal: false,
      now: Date.now,
    });

    expect(exitCode).toBe(2);
    expect(printed.join('')).toContain('--control-url-file');
  });
});
