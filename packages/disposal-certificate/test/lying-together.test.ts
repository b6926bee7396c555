import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlEntry, ControlEvent } from '@mnv/protocol';
import { openTileLog, parsePolicy } from '@mnv/transparency-log';
import type { FetchFile, Policy } from '@mnv/transparency-log';
import { buildCertificate, signCertificate, verifyCertificate } from '../src/index.ts';
import { START, disposedWorld, hash } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import { controlLog } from './control-log.ts';
import { FALSE_HISTORIES } from './false-histories.ts';
import { FALSE_STORIES } from './false-stories.ts';
import {
  DAY,
  destroyed,
  disabled,
  intent,
  refOf,
  rewritten,
  rootCreated,
  rotation,
  scheduled,
  told,
  verifiedCopy,
} from './hostile-issuer.ts';

let world: World;
let policy: Policy;

beforeAll(async () => {
  world = await disposedWorld({ stored: 100, disposed: [3, 64] });
  policy = parsePolicy(world.policyText, { origins: 'key-name-or-below' });
});

async function codesOf(jws: string, controlLog?: FetchFile): Promise<string[]> {
  const means = { policy, ...(controlLog && { controlLog }) };
  const { claims, ok } = await verifyCertificate(jws, means);
  const found = claims.flatMap(({ id, findings }) => findings.map(({ code }) => `${id} ${code}`));
  expect(ok).toBe(found.length === 0);
  return [...new Set(found)];
}

const entries = (): readonly ControlEntry[] => world.log.entries;
describe('a certificate over a log that tells another story', () => {
  it('passes when the story is the true one', async () => {
    const { jws, log } = await told(world, {});
    expect(await codesOf(jws)).toEqual([]);
    expect(await codesOf(jws, log)).toEqual([]);
  });

  it('passes when years of epochs, aborts and destroyed roots follow', async () => {
    const later: ControlEvent[] = [
      { op: 'disposal.approved', batch: world.head.batchHash, by: hash() },
      ...rotation(3),
      verifiedCopy(3),
      scheduled(1),
      destroyed(1),
      intent(4),
      rootCreated(4),
      { op: 'erasure.aborted', epoch: 4 },
      destroyed(4),
      { ...intent(5), root: refOf(3) } as ControlEvent,
      ...rotation(5).slice(1, 3),
      disabled(3),
      ...rotation(5).slice(4),
      { op: 'restore.detected', epoch: 5, size: 30 },
      { op: 'restore.reconciled', epoch: 5, map: hash(), cnt: 2 },
      scheduled(2),
      destroyed(2),
    ];
    const { jws, log } = await told(world, { later });
    expect(await codesOf(jws, log)).toEqual([]);
  });

  it.each(FALSE_STORIES)('fails with the policy alone: one %s', async (_, story, found) => {
    const { jws } = await told(world, story(world));
    expect(await codesOf(jws)).toEqual(found);
  });

  it.each(FALSE_HISTORIES)('fails with the whole log: one %s', async (_, story, found) => {
    const { jws, log } = await told(world, story(world));
    expect(await codesOf(jws)).toEqual([]);
    expect(await codesOf(jws, log)).toEqual(found);
  });
});

describe('a control log that is given beside a certificate', () => {
  it('must not be older', async () => {
    const { jws } = await told(world, {});
    const { fetch } = await world.log.publish({ entries: entries().slice(0, -1) });
    expect(await codesOf(jws, fetch)).toEqual(['P6 log-older']);
  });

  it('must be the same history', async () => {
    const { jws } = await told(world, {});
    const changed = rewritten(entries(), 1, { size: 4 });
    const { fetch } = await world.log.publish({ entries: changed });
    expect(await codesOf(jws, fetch)).toEqual(['P6 log-contradicts']);
  });

  it('must be whole', async () => {
    const { jws, log } = await told(world, {});
    expect(await codesOf(jws, async () => undefined)).toEqual(['P6 log-unreadable']);
    const cut: FetchFile = async (path) => (path.includes('entries') ? undefined : log(path));
    expect(await codesOf(jws, cut)).toContain('P6 log-unreadable');
  });

  it('must hold its entries in their exact form', async () => {
    const { jws } = await told(world, {});
    const longer = [...entries(), entries()[1] as ControlEntry];
    const { fetch } = await world.log.publish({ entries: longer, spoilt: entries().length });
    expect(await codesOf(jws, fetch)).toEqual(['P6 entry-malformed']);
  });

  it('must be signed as the control log, not by another log that the policy lists', async () => {
    const { jws } = await told(world, {});
    const other = controlLog('other', START);
    const [ourKey, ourLog] = world.policyText.split('\n');
    const lines = [ourKey, ourLog, `log ${other.logKey}`, 'quorum none'];
    const { fetch } = await other.publish({ entries: entries() });
    const means = { policy: parsePolicy(lines.join('\n')), controlLog: fetch };
    const { claims } = await verifyCertificate(jws, means);
    const replayed = claims.find(({ id }) => id === 'P6');
    expect(replayed?.findings.map(({ code }) => code)).toEqual(['log-unreadable']);
  });

  it('must be of the same deployment', async () => {
    const { jws } = await told(world, {});
    const other = await disposedWorld({ stored: 5, disposed: [1] });
    const { fetch } = await other.log.publish();
    expect(await codesOf(jws, fetch)).toEqual(['P6 log-unreadable']);
  });

  it('must have recorded the issue, unless it is a copy from before it', async () => {
    const { jws } = await told(world, {});
    const before = await world.log.publish({ entries: entries() });
    const result = await verifyCertificate(jws, { policy, controlLog: before.fetch });
    const replayed = result.claims.find(({ id }) => id === 'P6');
    expect(replayed).toMatchObject({
      verdict: 'PASS',
      note: { en: expect.stringContaining('was not checked') },
    });
    const t = world.log.now() + DAY;
    const { v, n } = entries()[1] as ControlEntry;
    const other = { op: 'certificate.issued', batch: world.head.batchHash, certificate: hash() };
    const after = [...entries(), { v, t, n, ...other } as ControlEntry];
    const { fetch } = await world.log.publish({ entries: after, at: t });
    expect(await codesOf(jws, fetch)).toEqual(['P6 issue-unrecorded']);
  });
});

describe('a certificate under another policy', () => {
  it('fails where witness, log or certificate key are others', async () => {
    const { jws } = await told(world, {});
    const other = await disposedWorld({ stored: 5, disposed: [1] });
    const lines = (text: string) => text.split('\n');
    const [theirKey, theirLog, theirWitness] = lines(other.policyText);
    const [ourKey, ourLog, ourWitness] = lines(world.policyText);
    const failed = async (...chosen: (string | undefined)[]) => {
      const text = [...chosen, 'quorum one'].join('\n');
      const { claims } = await verifyCertificate(jws, { policy: parsePolicy(text) });
      return claims.filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id);
    };
    expect(await failed(ourKey, ourLog, ourWitness)).toEqual([]);
    expect(await failed(theirKey, ourLog, ourWitness)).toEqual(['P0']);
    expect(await failed(ourLog, ourWitness)).toEqual(['P0']);
    expect(await failed(ourKey, theirLog, ourWitness)).toEqual(['P1', 'P2', 'P4']);
    expect(await failed(ourKey, ourLog, theirWitness)).toEqual(['P1', 'P2', 'P4']);
  });

  it('fails over another log that the policy lists, under its own name or as the control log', async () => {
    const other = controlLog('other', START);
    const [ourKey] = world.policyText.split('\n');
    const both = parsePolicy(
      [ourKey, other.policyLines, world.log.policyLines.split('\n')[0]].join('\n'),
    );
    const { fetch } = await other.publish({ entries: entries() });
    const log = await openTileLog(fetch, (note) => both.verify(note));
    const sources = { head: world.head, items: world.items, controlLog: log };
    const built = await buildCertificate({ ...sources, issuedAt: world.log.now() });
    for (const origin of ['other/control', 'test/control']) {
      const certificate = { ...built, log: { ...built.log, origin } };
      const jws = await signCertificate(certificate, world.certificateKey);
      const { claims } = await verifyCertificate(jws, { policy: both });
      const [, order] = claims;
      expect(order?.findings.map(({ code }) => code)).toEqual(['checkpoint-not-accepted']);
    }
  });
});
