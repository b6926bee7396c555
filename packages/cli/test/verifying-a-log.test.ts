import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessEntry } from '@mnv/protocol';
import { parseCheckpoint, parseNote, parsePolicy } from '@mnv/transparency-log';
import type { Checkpoint, FetchFile } from '@mnv/transparency-log';
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
let log: WrittenLog;

beforeAll(async () => {
  log = await writtenLog(encoded(entries), signer);
});

const verified = (fetch: FetchFile, known?: Checkpoint): Promise<LogVerification> =>
  verifyLog({ fetch, policy, ...(known && { known }) });
const codesOf = ({ findings }: LogVerification) => [...new Set(findings.map(({ code }) => code))];
const checkpointOf = ({ checkpoint }: WrittenLog) => parseCheckpoint(parseNote(checkpoint).text);

/** A log with these entries instead, truly hashed and signed by its own key: what a hostile operator can do. */
async function resigned(changed: readonly AccessEntry[]): Promise<WrittenLog> {
  return writtenLog(encoded(changed), signer);
}

describe('verifying a whole log', () => {
  it('reads and counts every entry of an honest one', async () => {
    const result = await verified(fetching(log.files));

    expect(result).toMatchObject({ ok: true, expected: SIZE, checked: SIZE, missing: 0 });
    expect(result.kinds).toEqual({ intent: 300, outcome: 200, deny: 0, act: 100 });
    expect(result).toMatchObject({ requestsWithoutOutcome: 0, firstAt: entries[0]?.t });
    expect(result.lastAt).toBe(entries.at(-1)?.t);
    expect(result.root).toBe(Buffer.from(log.root).toString('base64'));
  });

  it('finds any bit that is turned in any file', async () => {
    const paths = [...log.files.keys()];
    expect(paths.length).toBeGreaterThan(6);
    const places = fc.tuple(fc.constantFrom(...paths), fc.nat());

    await fc.assert(
      fc.asyncProperty(places, async ([path, bit]) => {
        const bytes = withBitTurned(log.files.get(path) ?? new Uint8Array(), bit);
        const fetch = fetching(log.files, { [path]: bytes });

        const ok = await verified(fetch).then(
          (result) => result.ok,
          () => false,
        );

        expect(ok).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('finds any file that is gone, and says how many entries went with it', async () => {
    for (const path of log.files.keys()) {
      const gone = verified(fetching(log.files, { [path]: undefined }));
      if (path === 'checkpoint') await expect(gone).rejects.toThrow('There is no checkpoint');
      else expect((await gone).ok).toBe(false);
    }
    const result = await verified(fetching(log.files, { 'tile/entries/001': undefined }));
    expect(result).toMatchObject({ expected: SIZE, checked: SIZE - 256, missing: 256 });
    expect(codesOf(result)).toEqual(['entries-missing']);
  });

  it('holds nothing but the gap against a request that reaches over one', async () => {
    const rid = crypto.randomUUID();
    const { t } = entries[0]!;
    const one = () => entry({ t, rid, rec: crypto.randomUUID() });
    const intents = Array.from({ length: 700 }, one);
    const long = await writtenLog(encoded(intents), signer);

    const result = await verified(fetching(long.files, { 'tile/entries/001': undefined }));

    expect(codesOf(result)).toEqual(['entries-missing']);
  });

  it('calls a cut bundle missing', async () => {
    const path = 'tile/entries/000';
    const bytes = log.files.get(path) ?? new Uint8Array();

    const result = await verified(fetching(log.files, { [path]: bytes.slice(0, -1) }));

    expect(codesOf(result)).toEqual(['entries-missing']);
  });

  it.each(Object.keys(entry({})) as (keyof AccessEntry)[])(
    'finds an entry whose %s was changed',
    async (member) => {
      const changed = entries.with(100, { ...entries[100]!, [member]: otherThan(member) });
      const forged = await resigned(changed.slice(0, 256));
      const path = 'tile/entries/000';

      const result = await verified(fetching(log.files, { [path]: forged.files.get(path) }));

      expect(codesOf(result)).toContain('root-differs');
    },
  );

  it('fails when there was nothing to check', async () => {
    const empty = await writtenLog([], signer);

    const result = await verified(fetching(empty.files));

    expect(result).toMatchObject({ ok: false, expected: 0, checked: 0 });
    expect(codesOf(result)).toEqual(['nothing-checked']);
  });

  it('trusts no log of another key, whatever it signs', async () => {
    const stranger = await writtenLog(encoded(entries), logSigner());
    const note = stranger.files.get('checkpoint');

    await expect(verified(fetching(stranger.files))).rejects.toThrow('not accepted');
    await expect(verified(fetching(log.files, { checkpoint: note }))).rejects.toThrow(
      'not accepted',
    );
  });

  it('is not fooled by the signed checkpoint of another of our logs', async () => {
    const other = await writtenLog(encoded(recordedRequests(SIZE)), signer, 'test/access/two');

    const result = await verified(
      fetching(log.files, { checkpoint: other.files.get('checkpoint') }),
    );

    expect(codesOf(result)).toContain('root-differs');
  });
});

describe('a log its own operator rewrote and signed anew', () => {
  it.each([
    ['cut', () => entries.slice(0, 500)],
    ['with an entry removed', () => entries.toSpliced(300, 1)],
    ['with an entry replaced', () => entries.with(300, { ...entries[300]!, sub: 'somebody' })],
    ['with two entries exchanged', () => swapped(300, 306)],
    ['with an entry slipped in', () => entries.toSpliced(300, 0, entries[299]!)],
  ])('is found, %s, by a checkpoint kept from before', async (_how, rewrite) => {
    const forged = await resigned(rewrite());

    const result = await verified(fetching(forged.files), checkpointOf(log));

    expect(result.ok).toBe(false);
    expect(codesOf(result).join()).toMatch(/known-checkpoint-(contradicted|ahead)/);
  });

  it('holds to every earlier checkpoint when it only grew', async () => {
    for (const size of [1, 255, 256, 257, 511, 512, 513, SIZE]) {
      const earlier = await resigned(entries.slice(0, size));

      const result = await verified(fetching(log.files), checkpointOf(earlier));

      expect(result).toMatchObject({ ok: true, checked: SIZE });
    }
  });

  it('refuses to be measured by the checkpoint of another log', async () => {
    const other = await writtenLog(encoded(entries), signer, 'test/access/two');

    await expect(verified(fetching(log.files), checkpointOf(other))).rejects.toThrow(
      'of another log',
    );
  });

  it.each([
    ['clock-went-back', () => swapped(300, 306)],
    ['tenants-mixed', () => entries.with(300, { ...entries[300]!, ten: 't-002' })],
    ['request-split', () => entries.toSpliced(1, 0, actAt(entries[0]!.t))],
    ['outcome-without-intent', () => entries.toSpliced(0, 3)],
  ])('shows %s in its entries alone', async (code, rewrite) => {
    const forged = await resigned(rewrite());

    const result = await verified(fetching(forged.files));

    expect(result.ok).toBe(false);
    expect(codesOf(result)).toContain(code);
  });

  it('takes a request that was sent again for what it is', async () => {
    const [first, second, third, delivered, refused, act] = entries.slice(0, 6);
    const intents = [first!, second!, third!];
    const failed = { ...delivered!, dec: 'deny:request-replayed', cnt: 0 };
    const between = { ...act!, t: first!.t };
    const outcomes = [delivered!, refused!];
    const afterwards = intents.map((one) => ({ ...one, t: delivered!.t }));
    for (const sent of [
      [...intents, ...outcomes, ...afterwards, failed],
      [...intents, between, ...intents, failed, { ...act!, t: delivered!.t }, ...outcomes],
      [...intents, ...intents, failed, { ...act!, t: delivered!.t }, ...outcomes],
      [...intents, ...intents, between, ...intents, ...outcomes, failed, act!],
    ]) {
      const result = await verified(fetching((await resigned(sent)).files));

      expect(result).toMatchObject({ ok: true, findings: [], requestsWithoutOutcome: 0 });
    }
  });

  it.each([
    ['over fewer records', (intents: AccessEntry[]) => intents.slice(1)],
    ['over other records', (intents: AccessEntry[]) => intents.with(1, intents[0]!)],
    ['in another order', (intents: AccessEntry[]) => intents.toReversed()],
  ])('shows intents of one request that come again %s, also at the end', async (_how, again) => {
    const intents = entries.slice(0, 3);
    const forged = await resigned([...intents, actAt(intents[0]!.t), ...again(intents)]);

    const result = await verified(fetching(forged.files));

    expect(result.ok).toBe(false);
    expect(codesOf(result)).toEqual(['request-split']);
  });

  it.each([
    ['another member', (text: string) => text.replace('{', '{"w":1,')],
    ['a member twice', (text: string) => text.replace('{', '{"v":1,')],
    ['a space', (text: string) => text.replace(',', ', ')],
    ['another order', (text: string) => text.replace(/("v":1),("k":"\w+")/, '$2,$1')],
    ['a number written otherwise', (text: string) => text.replace('"v":1', '"v":1.0')],
    ['an unknown kind', (text: string) => text.replace('"k":"intent"', '"k":"extent"')],
    ['a raw non-ASCII byte', (text: string) => text.replace('operator-1', 'op\u00e9rator')],
    ['no JSON at all', () => 'entry'],
  ])('shows an entry with %s', async (_what, change) => {
    const bytes = encoded(entries.slice(0, 20));
    const odd = Buffer.from(change(bytes[0]!.toString('latin1')), 'latin1');
    const forged = await writtenLog(bytes.with(0, odd), signer);

    const result = await verified(fetching(forged.files));

    expect(codesOf(result)).toContain('entry-malformed');
  });

  it('tells how many requests have no outcome', async () => {
    const result = await verified(fetching((await resigned(entries.slice(0, 2))).files));

    expect(result).toMatchObject({ ok: true, requestsWithoutOutcome: 1 });
  });
});

function swapped(a: number, b: number): AccessEntry[] {
  return entries.with(a, entries[b]!).with(b, entries[a]!);
}

function actAt(t: number): AccessEntry {
  return entry({ k: 'act', t, rid: 'another', op: 'view-report' });
}

/** Another value the form of entries allows; `v` has only one, so it is changed to what is not allowed. */
function otherThan(member: keyof AccessEntry): unknown {
  const others: Partial<Record<keyof AccessEntry, unknown>> = { v: 2, k: 'act', t: 7, cnt: 9 };
  return others[member] ?? (member === 'dec' ? 'failed' : 'A'.repeat(22));
}
