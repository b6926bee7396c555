import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf } from './world/answers.ts';
import { until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { letInstancesFallSilent, runToTheEnd } from './world/epoch-outcome.ts';
import { FaultPoints } from './world/fault-points.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const CALL = { deadlineMs: 20_000 };
const PATH = '/internal/record-events';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault({ quiet: true });
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

type Told = { recordId: string; kind: string; individualRef?: string };
type Page = { events: Told[]; cursor: string };

async function readPage(query: Record<string, string>): Promise<Page> {
  const path = `${PATH}?${new URLSearchParams(query).toString()}`;
  const answer = await vault.asDisposal.json(path, undefined, CALL);
  if (answer.status !== 200) throw new Error(problemOf(answer));
  return answer.body as Page;
}

/** One who follows the feed from where it stands now, as the disposal service does. */
async function follower(limit = 1000) {
  const told: Told[] = [];
  let { cursor } = await endOfFeed();
  const read = async () => {
    const page = await readPage({ after: cursor, limit: String(limit) });
    told.push(...page.events);
    ({ cursor } = page);
    return page;
  };
  return {
    read,
    /** Reads until a record is told that is stored now: whatever came before it has been told then, or never is. */
    untilNow: async () => {
      const [last] = (await storeNumbers(vault, tenant)) as [Stored];
      await until(async () => {
        await read();
        return told.some(({ recordId }) => recordId === last.recordId) || undefined;
      });
      return told.filter(({ recordId }) => recordId !== last.recordId);
    },
  };
}

/** The cursor behind a record that was stored just now, and so behind all that was stored before. */
async function endOfFeed(): Promise<Page> {
  const [{ recordId }] = (await storeNumbers(vault, tenant)) as [Stored];
  let page = await readPage({});
  return until(async () => {
    if (page.events.some((event) => event.recordId === recordId)) return page;
    page = await readPage({ after: page.cursor });
    return undefined;
  });
}

/** Ten transactions of an instance, one after the other. */
async function storeEach(one: RunningVault): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (let n = 0; n < 10; n += 1) stored.push(...(await storeNumbers(one, tenant, 1 + (n % 3))));
  return stored;
}

const idsOf = (some: readonly { recordId: string }[]) => some.map(({ recordId }) => recordId);

describe('who follows the record events', () => {
  it('is told of a slow transaction whose successor committed first, before it', async () => {
    const faults = new FaultPoints();
    const slow = await world.startVault({ quiet: true, faults });
    const feed = await follower();
    faults.order({ at: /^commit$/, variant: 'failed', fate: 'stalls' });
    const storing = storeNumbers(slow, tenant, 2);
    await faults.strikes;
    const newer = await storeNumbers(vault, tenant, 2);
    await feed.read();
    await feed.read();

    faults.letGo();
    const older = await storing;
    expect(idsOf(await feed.untilNow())).toEqual([...idsOf(older), ...idsOf(newer)]);
  });

  it('is told of everything once that several instances store while he reads on', async () => {
    const other = await world.startVault({ quiet: true });
    const feed = await follower(3);
    const storing = { done: false };
    const stored = Promise.all([vault, other].map((one) => storeEach(one))).finally(
      () => (storing.done = true),
    );
    while (!storing.done) await feed.read();
    const ids = idsOf((await stored).flat());
    expect(idsOf(await feed.untilNow()).toSorted()).toEqual(ids.toSorted());
  });

  it('reads one transaction in pages, and the same page again with the same cursor', async () => {
    const { cursor } = await endOfFeed();
    const stored = await storeNumbers(vault, tenant, 5);
    await until(async () => (await readPage({ after: cursor })).events.length > 0 || undefined);

    const told: Told[] = [];
    let after = cursor;
    for (const size of [2, 2, 1, 0]) {
      const page = await readPage({ after, limit: '2' });
      expect(page.events).toHaveLength(size);
      expect(await readPage({ after, limit: '2' })).toEqual(page);
      if (size === 0) expect(page.cursor).toBe(after);
      told.push(...page.events);
      after = page.cursor;
    }
    expect(told).toMatchObject(
      stored.map(({ recordId, individualRef }) => ({ recordId, individualRef, kind: 'stored' })),
    );
  });

  it('is told what became of a record in its order', async () => {
    const feed = await follower();
    const [one] = (await storeNumbers(vault, tenant)) as [Stored];
    const calls = disposing(vault, tenant);
    const stopped = await calls.approved(batchOf([one]));
    await calls.order(stopped);
    await calls.stop(stopped);
    const batch = await calls.approved(batchOf([one]));
    await calls.order(batch);
    await letInstancesFallSilent(world);
    await runToTheEnd(vault, tenant, batch);
    const told = await feed.untilNow();
    expect(told.map(({ kind }) => kind)).toEqual([
      'stored',
      'frozen',
      'released-from-freeze',
      'frozen',
      'erased',
    ]);
    expect(new Set(idsOf(told))).toEqual(new Set([one.recordId]));
  });
});

describe('the feed of record events', () => {
  it('answers the disposal service alone', async () => {
    expect(problemOf(await vault.call(PATH, undefined))).toBe('403 not-permitted');
  });

  it.each([
    ['after=1', 'half a cursor'],
    ['after=1-2-3', 'a cursor and more'],
    ['after=01-1', 'another spelling of a cursor'],
    ['after=1-1&after=2-2', 'two cursors'],
    ['after=18446744073709551616-0', 'a transaction that cannot be'],
    ['after=0-9223372036854775808', 'a number no event can have'],
    ['limit=0', 'no events'],
    ['limit=1001', 'too many events'],
    ['limit=x', 'no number'],
  ])('refuses %s: %s', async (query) => {
    const answer = await vault.asDisposal.json(`${PATH}?${query}`, undefined, CALL);
    expect(problemOf(answer)).toBe('400 invalid-request');
  });
});
