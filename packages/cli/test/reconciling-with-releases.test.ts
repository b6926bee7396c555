import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RememberedRelease } from '@mnv/client';
import type { AccessEntry } from '@mnv/protocol';
import { parsePolicy } from '@mnv/transparency-log';
import { writeReleasesFile } from '../src/releases-file.ts';
import { verifyLog } from '../src/verify-log.ts';
import type { LogVerification } from '../src/verify-log.ts';
import {
  encoded,
  entry,
  fetching,
  logSigner,
  recordedRequests,
  withBitTurned,
  writtenLog,
} from './written-log.ts';
import type { WrittenLog } from './written-log.ts';

const SIZE = 600;
const signer = logSigner();
const policy = parsePolicy(signer.trustPolicy, { origins: 'key-name-or-below' });
const entries = recordedRequests(SIZE);
const place = mkdtempSync(join(tmpdir(), 'releases-'));
let log: WrittenLog;
let honest: string;

beforeAll(async () => {
  log = await writtenLog(encoded(entries), signer);
  honest = await fileOf(releasesOf(entries));
});
afterAll(() => rmSync(place, { recursive: true }));

/** What an honest vault remembers of a log: each request that got an answer, of at most so many records. */
function releasesOf(logged: readonly AccessEntry[], most = Infinity): RememberedRelease[] {
  const intents = logged.flatMap((one, index) => (one.k === 'intent' ? [{ one, index }] : []));
  const requests = [...Map.groupBy(intents, ({ one }) => one.rid)];
  return requests
    .map(([rid, all]) => [rid, all.slice(0, most)] as const)
    .map(([rid, own]) => ({
      day: new Date(own[0]!.one.t).toISOString().slice(0, 10),
      rid,
      log: log.origin,
      first: own[0]!.index,
      entries: encoded(own.map(({ one }) => one)).map((bytes) => bytes.toString('base64')),
      at: new Date(own[0]!.one.t + 3).toISOString(),
    }));
}

async function fileOf(
  releases: readonly RememberedRelease[],
  { checkpoint = log.checkpoint, tenantId = 't-001' } = {},
): Promise<string> {
  const file = join(place, `${crypto.randomUUID()}.ndjson`);
  const each = async function* () {
    yield* releases;
  };
  await writeReleasesFile(file, { tenantId, checkpoint }, each());
  return file;
}

const compared = (releasesFile: string, of: WrittenLog = log): Promise<LogVerification> =>
  verifyLog({ fetch: fetching(of.files), policy, releasesFile });
const codesOf = ({ findings }: LogVerification) => [...new Set(findings.map(({ code }) => code))];
/** The row of the request in the middle, changed. */
const changed = (change: (row: RememberedRelease) => object) =>
  releasesOf(entries).map((row, at) => (at === 50 ? { ...row, ...change(row) } : row));
const reencoded = (row: RememberedRelease, change: Partial<AccessEntry>) => ({
  entries: row.entries.map((text, at) =>
    at > 0
      ? text
      : encoded([{ ...entries[row.first]!, ...change }])
          .map((bytes) => bytes.toString('base64'))
          .join(),
  ),
});

describe('comparing a log with what the vault remembers', () => {
  it('counts every released entry and every delivered request of an honest system', async () => {
    const result = await compared(honest);

    expect(result).toMatchObject({ ok: true, findings: [] });
    expect(result.releases).toEqual({
      released: { expected: 300, checked: 300, missing: 0 },
      delivered: { expected: 100, checked: 100, missing: 0 },
    });
  });

  it('finds a release on an entry that was never logged, or logged elsewhere', async () => {
    const kept = entries.filter(({ rid }) => rid !== entries[588]!.rid);
    const without = await writtenLog(encoded(kept), signer);
    const file = await fileOf(releasesOf(entries), { checkpoint: without.checkpoint });

    const result = await compared(file, without);

    expect(codesOf(result)).toContain('release-not-logged');
    expect(result.releases?.released.missing).toBeGreaterThan(2);
  });

  it('finds releases on entries that were cut off the end', async () => {
    const cut = await writtenLog(encoded(entries.slice(0, 500)), signer);

    const result = await compared(honest, cut);

    expect(codesOf(result)).toEqual(expect.arrayContaining(['release-not-logged']));
    expect(codesOf(result)).toEqual(expect.arrayContaining(['known-checkpoint-ahead']));
    expect(result.releases?.released).toMatchObject({ expected: 300 });
  });

  it('finds what the log calls delivered and the vault does not remember', async () => {
    const forgotten = releasesOf(entries).toSpliced(50, 1);

    const result = await compared(await fileOf(forgotten));

    expect(codesOf(result)).toEqual(['delivery-not-released']);
    expect(result.releases?.delivered).toEqual({ expected: 100, checked: 99, missing: 1 });
  });

  it('holds nothing against anybody for a request that was sent again and refused', async () => {
    const [again, failed] = [entries.slice(0, 3), { dec: 'deny:request-replayed', cnt: 0 }];
    const repeated = entries
      .toSpliced(3, 0, ...again)
      .toSpliced(7, 0, { ...entries[3]!, ...failed });
    const written = await writtenLog(encoded(repeated), signer);
    const file = await fileOf(releasesOf(repeated, 3), written);

    const result = await compared(file, written);

    expect(result).toMatchObject({ ok: true, findings: [] });
  });

  it('finds that a request sent again was released again', async () => {
    const repeated = entries.toSpliced(3, 0, ...entries.slice(0, 3));
    const written = await writtenLog(encoded(repeated), signer);
    const [first, ...others] = releasesOf(repeated, 3);
    const file = await fileOf([first!, { ...first!, first: 3 }, ...others], written);

    expect(codesOf(await compared(file, written))).toContain('release-twice');
  });

  it('finds that a request sent again is called delivered twice, or for more records', async () => {
    const twice = entries.toSpliced(3, 0, ...entries.slice(0, 3)).toSpliced(7, 0, entries[3]!);
    const more = entries.with(3, { ...entries[3]!, cnt: 4 });
    const codes = await Promise.all(
      [twice, more].map(async (logged) => {
        const written = await writtenLog(encoded(logged), signer);
        return codesOf(await compared(await fileOf(releasesOf(logged, 3), written), written));
      }),
    );

    expect(codes).toEqual([['delivery-not-released'], ['release-incomplete']]);
  });

  it('does not hold against the vault what was delivered after it was asked', async () => {
    const before = entries.slice(0, 300);
    const { checkpoint } = await writtenLog(encoded(before), signer);

    const result = await compared(await fileOf(releasesOf(before), { checkpoint }));

    expect(result).toMatchObject({ ok: true });
    expect(result.releases?.delivered).toMatchObject({ expected: 50, checked: 50 });
  });

  it('finds that the checkpoint of the export is not on the log’s history', async () => {
    const rewritten = entries.with(5, { ...entries[5]!, sub: 'somebody' });
    const forged = await writtenLog(encoded(rewritten.slice(0, 590)), signer);

    const result = await compared(await fileOf(releasesOf(entries), forged));

    expect(codesOf(result)).toEqual(['known-checkpoint-contradicted']);
  });

  it('trusts the log under either key after a change of key', async () => {
    const renewed = parsePolicy(
      `log ${logSigner().trustPolicy.split(/\s/)[1]}\n${signer.trustPolicy}`,
      {
        origins: 'key-name-or-below',
      },
    );

    const result = await verifyLog({
      fetch: fetching(log.files),
      policy: renewed,
      releasesFile: honest,
    });

    expect(result).toMatchObject({ ok: true });
  });

  it('fails when there was nothing to compare', async () => {
    const acts = Array.from({ length: 9 }, (_, at) => entry({ k: 'act', t: 1 + at, rid: `${at}` }));
    const quiet = await writtenLog(encoded(acts), signer);

    const result = await compared(await fileOf([], quiet), quiet);

    expect(result.ok).toBe(false);
    expect(codesOf(result)).toEqual(['nothing-compared']);
  });

  it('still compares where the entries are gone and only their hashes are kept', async () => {
    const pruned = { 'tile/entries/000': undefined, 'tile/entries/001': undefined };

    const result = await verifyLog({
      fetch: fetching(log.files, pruned),
      policy,
      releasesFile: honest,
    });

    expect(codesOf(result)).toEqual(['entries-missing']);
    expect(result.releases?.released).toEqual({ expected: 300, checked: 300, missing: 0 });
  });
});

describe('a release row that was altered', () => {
  it.each<[string, string[], (row: RememberedRelease) => object]>([
    [
      'another place',
      ['release-not-logged', 'release-incomplete'],
      (r) => ({ first: r.first + 1 }),
    ],
    ['another day', ['release-malformed'], () => ({ day: '2026-12-25' })],
    ['another time', ['release-malformed'], () => ({ at: '2026-12-11T00:00:00.000Z' })],
    ['another request id', ['release-malformed'], () => ({ rid: crypto.randomUUID() })],
    ['an entry fewer', ['release-incomplete'], (r) => ({ entries: r.entries.slice(1) })],
    ['no entry', ['release-malformed'], () => ({ entries: [] })],
    ['its entries exchanged', ['release-not-logged'], (r) => ({ entries: r.entries.toReversed() })],
    ['bytes that are no entry', ['release-malformed'], () => ({ entries: ['AAAA'] })],
    ['base64 written otherwise', ['release-malformed'], (r) => ({ entries: [`${r.entries[0]}=`] })],
    ['a copy', ['release-twice'], () => releasesOf(entries)[49]!],
    ...(Object.keys(entry({})) as (keyof AccessEntry)[])
      .filter((member) => !['v', 'ten'].includes(member))
      .map((member): [string, string[], (row: RememberedRelease) => object] => [
        `another ${member} in an entry`,
        [],
        (row) => reencoded(row, { [member]: otherThan(member) }),
      ]),
  ])('is found by %s', async (_what, codes, change) => {
    const result = await compared(await fileOf(changed(change)));

    expect(result.ok).toBe(false);
    expect(codesOf(result)).toEqual(expect.arrayContaining(codes));
  });

  it.each<[string, string, () => Promise<string>]>([
    [
      'of another tenant',
      'another log',
      () => fileOf(changed((r) => reencoded(r, { ten: 't-2' }))),
    ],
    ['of another log', 'another log', () => fileOf(changed(() => ({ log: 'test/access/two' })))],
    [
      'under a stranger’s checkpoint',
      'no pinned key signed the note',
      async () => fileOf([], await writtenLog(encoded(entries), logSigner())),
    ],
  ])('is refused with its file when it is %s', async (_what, reason, make) => {
    await expect(compared(await make())).rejects.toThrow(reason);
  });

  it('is found by any bit of the file, and by any line that is gone, doubled or moved', async () => {
    const bytes = readFileSync(honest);
    const lines = bytes.toString().trimEnd().split('\n');
    const touched = join(place, 'touched');
    const spoilt = async (text: string | Uint8Array) => {
      writeFileSync(touched, text);
      return compared(touched).then(
        ({ ok }) => !ok,
        () => true,
      );
    };
    const rejoined = (some: string[]) => `${some.join('\n')}\n`;
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), (bit) => spoilt(withBitTurned(bytes, bit))),
      { numRuns: 60 },
    );
    const places = fc.integer({ min: 0, max: lines.length - 2 });
    await fc.assert(
      fc.asyncProperty(places, async (at) => {
        const moved = lines.toSpliced(at, 2, lines[at + 1]!, lines[at]!);
        const all = [lines.toSpliced(at, 1), lines.toSpliced(at, 0, lines[at]!), moved];
        for (const some of all) expect(await spoilt(rejoined(some))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

function otherThan(member: keyof AccessEntry): unknown {
  const others: Partial<Record<keyof AccessEntry, unknown>> = { k: 'act', t: 7, cnt: 9 };
  return others[member] ?? (member === 'dec' ? 'failed' : 'A'.repeat(22));
}
