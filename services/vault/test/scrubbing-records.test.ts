import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { IndividualNumber } from '@mnv/core';
import { fixedClock, makeIndividualNumber } from '@mnv/testing';
import { makeBeginInternalAct } from '../src/internal-act.ts';
import type { ScrubPass } from '../src/scrub/scrub-pass.repository.ts';
import { scrubRecords } from '../src/scrub/scrub-records.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, World } from './world.ts';

const DAY_MS = 24 * 60 * 60_000;
const AT_ONCE = { upkeep: { isNight: () => false, scrubPassMs: 1 } };

let world: World;
let vault: RunningVault;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
afterAll(() => world.close());

const passes = () =>
  asAdministrator<{ pass: number; finished: boolean; opened: string; damaged: string }>(
    world.database,
    'select pass, finished_at is not null as finished, opened, damaged from vault.scrub_pass order by pass',
  );

describe('scrubbing', () => {
  it('opens every living record once a pass, and reports each one that does not open', async () => {
    const one = await world.createTenant(vault, 't-001');
    const two = await world.createTenant(vault, 't-002');
    const [gone, torn, sound] = (await storeNumbers(vault, one, 3)) as [Stored, Stored, Stored];
    const [keyless] = (await storeNumbers(vault, two, 70)) as [Stored];
    const run = (text: string, ...values: unknown[]) =>
      asAdministrator(world.database, text, values);
    await run(
      'update vault.number_record set disposed_at = now() where record_id = $1',
      gone.recordId,
    );
    await run(
      `update vault.number_record set sealed_number = set_byte(sealed_number, 70, get_byte(sealed_number, 70) # 1)
        where record_id = $1`,
      torn.recordId,
    );
    // The leaf of its key: 64 records lose theirs.
    await run(
      `update vault.node n set sealed = set_byte(sealed, 99, get_byte(sealed, 99) # 1)
        from vault.number_record r, vault.tree t
        where r.record_id = $1 and t.tenant_id = r.tenant_id and n.tree = t.ordinal and n.level = 0 and n.idx = 0`,
      keyless.recordId,
    );

    const scrubber = await world.startVault(AT_ONCE);
    const [pass] = await until(async () => {
      const all = await passes();
      return all[0]?.finished ? all : undefined;
    });
    await until(
      async () =>
        (await scrubber.metrics()).includes('scrub_last_full_pass_seconds{service="vault"} 1') ||
        undefined,
    );

    expect(pass).toEqual({ pass: 1, finished: true, opened: '72', damaged: '65' });
    const log = scrubber.logged();
    const reported = (id: string) =>
      log.split('\n').filter((line) => line.includes('does not open') && line.includes(id)).length;
    expect([torn, keyless, sound, gone].map(({ recordId }) => reported(recordId))).toEqual([
      1, 1, 0, 0,
    ]);
    const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
    const scrubs = entries.filter(
      (entry) => entry.op === 'internal.opened' && entry.reason === 'scrub',
    );
    expect(scrubs).toEqual([expect.objectContaining({ cnt: 72 })]);
    expect(await scrubber.metrics()).toContain('scrub_pass_damaged_records{service="vault"} 65');
    await scrubber.close();
  });
});

/** Records of some tenants that open, and the passes as they would be stored. */
function makeRecords(counts: Record<string, number>) {
  const clock = fixedClock(1_800_000_000_000);
  const records = new Map(
    Object.entries(counts).map(([tenantId, count]) => [
      tenantId,
      Array.from({ length: count }, (_, position) => ({
        recordId: randomUUID(),
        position,
        blob: Buffer.alloc(0),
        individualRef: '',
      })),
    ]),
  );
  const number = IndividualNumber.parse(makeIndividualNumber())!;
  const opened = new Map<string, number>();
  const entries: number[] = [];
  let stored: ScrubPass[] = [];
  const breakAt = { opening: Number.POSITIVE_INFINITY };
  const begin = makeBeginInternalAct({
    append: async ([event]) => void entries.push((event as { cnt: number }).cnt),
    openNumbers: async (_tenantId, some) => {
      breakAt.opening -= 1;
      if (breakAt.opening < 0) throw new Error('the process died');
      for (const { recordId } of some) opened.set(recordId, (opened.get(recordId) ?? 0) + 1);
      return new Map(some.map(({ recordId }) => [recordId, number]));
    },
  });
  const everyMs = 60_000;
  const scrub = () =>
    scrubRecords({
      hold: async () => true,
      findNewestPass: async () => stored.at(-1),
      insertPass: async ({ pass, startedAt, expected }) => {
        const cursor = { tenantId: '', position: -1 };
        const fresh = { finishedAt: undefined, opened: 0, damaged: 0 };
        stored.push({ pass, startedAt, expected, cursor, ...fresh });
      },
      savePass: async (pass) => void (stored = [...stored.slice(0, -1), pass]),
      tenantsFrom: async (from) => [...records.keys()].filter((one) => one >= from).toSorted(),
      countLiving: async (tenantId) => {
        const count = records.get(tenantId)?.length ?? 0;
        return { count, last: count - 1 };
      },
      readLiving: async (tenantId, { after, limit }) =>
        (records.get(tenantId) ?? []).filter(({ position }) => position > after).slice(0, limit),
      findLivingAmong: async (_tenantId, ids) => ids,
      beginInternalAct: begin,
      reportDamage: () => undefined,
      clock: clock.now,
      passMs: 7 * DAY_MS,
      everyMs,
      signal: new AbortController().signal,
    });
  return { clock, opened, entries, scrub, breakAt, everyMs, passes: () => stored };
}

describe('the pace of a pass', () => {
  it('is even: all are opened within seven days, and never many more than are due', async () => {
    const world_ = makeRecords({ 't-a': 21_000, 't-b': 0, 't-c': 9_000 });
    for (let day = 0; day < 7; day += 1) {
      await world_.scrub();
      const due = (30_000 * day) / 7;
      expect(world_.opened.size).toBeGreaterThanOrEqual(Math.floor(due));
      expect(world_.opened.size).toBeLessThanOrEqual(due + 5_001);
      world_.clock.advance(DAY_MS);
    }
    await world_.scrub();
    expect([...world_.opened.values()].every((times) => times === 1)).toBe(true);
    expect(world_.opened.size).toBe(30_000);
    expect(world_.passes()).toMatchObject([{ pass: 1, opened: 30_000 }]);
    expect(world_.passes()[0]?.finishedAt).toBeDefined();
    expect(Math.max(...world_.entries)).toBe(5_000);

    await world_.scrub();
    expect(world_.passes().map(({ pass }) => pass)).toEqual([1, 2]);
  });

  it('is caught up with by a vault that was down, which goes on where it was', async () => {
    const world_ = makeRecords({ 't-a': 12_000 });
    world_.breakAt.opening = 10;
    await expect(world_.scrub()).rejects.toThrow('died');
    world_.breakAt.opening = Number.POSITIVE_INFINITY;
    world_.clock.advance(8 * DAY_MS);
    await world_.scrub();
    expect(world_.opened.size).toBe(12_000);
    const times = [...world_.opened.values()];
    expect(times.filter((one) => one > 1).length).toBeLessThanOrEqual(5_000);
    expect(world_.passes()).toMatchObject([{ opened: 12_000, cursor: { tenantId: 't-a' } }]);
  });
});
