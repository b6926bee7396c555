import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ControlEntry, ControlEvent } from '@mnv/protocol';
import { encodeControlEntry } from '@mnv/protocol';
import { parsePolicy } from '@mnv/transparency-log';
import { verifyLog } from '../src/verify-log.ts';
import type { LogVerification } from '../src/verify-log.ts';
import { entry, encoded, fetching, logSigner, writtenLog } from './written-log.ts';

const START = Date.parse('2026-12-10T00:00:00Z');
const signer = logSigner('test/control');
const access = logSigner('test/access');
const policy = parsePolicy(
  `${signer.trustPolicy.replace('quorum none\n', '')}${access.trustPolicy}`,
  {
    origins: 'key-name-or-below',
  },
);
const hash = () => randomBytes(32).toString('base64url');

const root = (epoch: number): ControlEvent => ({
  op: 'root.created',
  root: `mnv-root-test-${epoch}`,
  epoch,
  map: hash(),
});
const seen = (size: number, hashed = hash(), log = 'one'): ControlEvent => ({
  op: 'checkpoint.seen',
  origin: `test/access/${log}`,
  size,
  root: hashed,
});

const refOf = (epoch: number) => `mnv-root-test-${epoch}`;
const intent = (epoch: number, cnt = 0): ControlEvent => ({
  op: 'erasure.intent',
  epoch,
  manifest: hash(),
  cnt,
  map: hash(),
  root: refOf(epoch - 1),
});
const flipped = (epoch: number, to = epoch): ControlEvent => ({
  op: 'erasure.flipped',
  epoch,
  root: refOf(to),
  map: hash(),
});
const rotation = (epoch: number): ControlEvent[] => [
  intent(epoch),
  root(epoch),
  flipped(epoch),
  { op: 'root.disabled', root: refOf(epoch - 1), epoch: epoch - 1 },
  { op: 'erasure.fenced', epoch, cnt: 1 },
  { op: 'erasure.rotated', epoch, cnt: 0 },
];

/** The events as entries, a second apart. */
function entries(events: readonly ControlEvent[]): ControlEntry[] {
  return events.map((event, at) => ({
    v: 1,
    t: START + 1_000 * at,
    n: randomBytes(16).toString('base64url'),
    ...event,
  }));
}

/** A log of these bytes, truly hashed and signed by the vault's own key: what a hostile vault can do. */
async function verified(bytes: readonly Uint8Array[]): Promise<LogVerification> {
  const log = await writtenLog(bytes, signer, 'test/control');
  return verifyLog({ fetch: fetching(log.files), policy });
}
const bytesOf = (events: readonly ControlEvent[]) => entries(events).map(encodeControlEntry);
const codesOf = ({ findings }: LogVerification) =>
  findings.map(({ code, index }) => `${code} @${index}`);

describe('verifying a control log', () => {
  it('counts the operations of an honest one', async () => {
    const again = hash();
    const events = [
      root(1),
      seen(3),
      seen(9, again),
      seen(9, again),
      seen(4, hash(), 'two'),
      { op: 'internal.opened' as const, reason: 'scrub' as const, cnt: 8 },
      ...rotation(2),
    ];
    const result = await verified(bytesOf(events));
    expect(result).toMatchObject({ ok: true, checked: 12, missing: 0, findings: [] });
    expect(result.kinds).toMatchObject({
      'root.created': 2,
      'checkpoint.seen': 4,
      'internal.opened': 1,
      'erasure.rotated': 1,
    });
    expect([result.firstAt, result.lastAt]).toEqual([START, START + 11_000]);
  });

  it.each<[string, ControlEvent[], string[]]>([
    ['that does not begin with a root', [seen(3), root(1)], ['root-missing @0']],
    ['whose root goes back', [root(2), root(1)], ['root-went-back @1', 'root-outside-epoch @1']],
    [
      'whose root version comes twice',
      [root(1), root(1)],
      ['root-went-back @1', 'root-outside-epoch @1'],
    ],
    [
      'whose tree goes to another root than the one made for it',
      [root(1), ...rotation(2).slice(0, 2), flipped(2, 1)],
      ['flip-to-other-root @3'],
    ],
    ['with a root from outside an epoch', [root(1), root(2)], ['root-outside-epoch @1']],
    ['that erases what nobody approved', [root(1), intent(2, 1)], ['approvals-missing @1']],
    ['that saw a log in two histories', [root(1), seen(3), seen(3)], ['seen-contradicted @2']],
  ])('finds one %s', async (_name, events, found) => {
    const result = await verified(bytesOf(events));
    expect(result.ok).toBe(false);
    expect(codesOf(result)).toEqual(found);
  });

  it('finds a clock that went back', async () => {
    const [first, second] = entries([root(1), seen(3)]) as [ControlEntry, ControlEntry];
    const result = await verified([first, { ...second, t: first.t - 1 }].map(encodeControlEntry));
    expect(codesOf(result)).toEqual(['clock-went-back @1']);
  });

  it('finds an entry of an access log in it, and a control entry in an access log', async () => {
    const [first] = bytesOf([root(1)]) as [Buffer];
    const foreign = encoded([entry({ t: START + 1 })]);
    expect(codesOf(await verified([first, ...foreign]))).toEqual(['entry-malformed @1']);
    const log = await writtenLog([first], access);
    const result = await verifyLog({ fetch: fetching(log.files), policy });
    expect(codesOf(result)).toEqual(['entry-malformed @0']);
  });

  it('accepts no control log that the key of the access logs signed', async () => {
    const log = await writtenLog(bytesOf([root(1)]), access, 'test/control');
    await expect(verifyLog({ fetch: fetching(log.files), policy })).rejects.toThrow('not accepted');
  });
});
