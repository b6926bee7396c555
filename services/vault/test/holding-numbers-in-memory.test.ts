import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { IndividualNumber } from '@mnv/core';
import type { FixedClock } from '@mnv/testing';
import { fixedClock, makeIndividualNumber } from '@mnv/testing';
import { CheckAllowance } from '../src/duplicates/check-allowance.ts';
import { HeldNumbers } from '../src/duplicates/held-numbers.ts';
import type { LivingNumber } from '../src/living-number.repository.ts';
import { TenantSets } from '../src/duplicates/tenant-sets.ts';
import { makeBeginInternalAct } from '../src/internal-act.ts';

const MINUTE_MS = 60_000;

function newNumber(): IndividualNumber {
  const number = IndividualNumber.parse(makeIndividualNumber());
  if (!number) throw new Error('not a number');
  return number;
}

const numbers = Array.from({ length: 12 }, newNumber);
const Holding = fc.record({
  number: fc.constantFrom(...numbers),
  individualRef: fc.constantFrom('E-1', 'E-2', 'か', 'E-1 '),
  label: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('the numbers held', () => {
  it('are told apart and known again as by a list that compares everything', () => {
    fc.assert(
      fc.property(fc.array(Holding, { maxLength: 300 }), fc.nat(400), (holdings, expected) => {
        const held = new HeldNumbers(expected);
        const naive: typeof holdings = [];
        for (const one of holdings) {
          const same = (other: typeof one) =>
            other.number === one.number &&
            other.individualRef === one.individualRef &&
            other.label === one.label;
          if (!naive.some(same)) naive.push(one);
          const holders = naive.filter(({ number }) => number === one.number);
          const people = new Set(holders.map(({ individualRef }) => individualRef));
          const labels = held.add(one);
          const wanted = people.size > 1 ? holders.map(({ label }) => label) : undefined;
          expect(labels?.toSorted()).toEqual(wanted?.toSorted());
          expect(held.size).toBe(naive.length);
        }
      }),
    );
  });

  it('are forgotten as a whole', () => {
    const held = new HeldNumbers(2);
    const number = newNumber();
    held.add({ number, individualRef: 'E-1', label: 1 });
    held.forget();
    expect(held.add({ number, individualRef: 'E-2', label: 2 })).toBeUndefined();
    expect(held.size).toBe(1);
  });

  it('take no label that would not fit', () => {
    const add = (label: number) => () =>
      new HeldNumbers(1).add({ number: newNumber(), individualRef: 'E-1', label });
    for (const label of [-1, 0.5, 2 ** 32, Number.NaN]) expect(add(label)).toThrow(RangeError);
  });
});

/** Tenants with numbers that open at once, and what was opened of them. */
function makeTenants(counts: Record<string, number>) {
  const stored = new Map(
    Object.entries(counts).map(([tenantId, count]) => [
      tenantId,
      Array.from({ length: count }, (_, position) => ({ recordId: randomUUID(), position })),
    ]),
  );
  const numberOf = new Map<string, IndividualNumber>();
  const opened: string[] = [];
  let gate: Promise<void> = Promise.resolve();
  return {
    opened,
    closeGate: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    first: (tenantId: string) => numberOf.get(stored.get(tenantId)?.[0]?.recordId ?? ''),
    deps: {
      countLiving: async (tenantId: string) => {
        const count = stored.get(tenantId)?.length ?? 0;
        return { count, last: count - 1 };
      },
      readLiving: async (
        tenantId: string,
        { after, limit }: { after: number; limit: number },
      ): Promise<LivingNumber[]> => {
        await gate;
        const records = stored.get(tenantId)?.slice(after + 1, after + 1 + limit) ?? [];
        return records.map((one) => ({
          ...one,
          blob: Buffer.alloc(0),
          individualRef: `E-${one.position}`,
        }));
      },
      beginInternalAct: makeBeginInternalAct({
        append: async () => undefined,
        openNumbers: async (tenantId, records) => {
          opened.push(tenantId);
          return new Map(
            records.map(({ recordId }) => {
              const number = numberOf.get(recordId) ?? newNumber();
              numberOf.set(recordId, number);
              return [recordId, number];
            }),
          );
        },
      }),
      reportFault: (_tenantId: string, error: unknown) => {
        throw error;
      },
    },
  };
}

describe('the set of a tenant', () => {
  let clock: FixedClock;
  beforeEach(() => {
    clock = fixedClock(1_800_000_000_000);
  });

  const openSets = (counts: Record<string, number>, mostNumbers?: number) => {
    const tenants = makeTenants(counts);
    const limit = mostNumbers === undefined ? {} : { mostNumbers };
    const sets = new TenantSets({ ...tenants.deps, ...limit, clock: clock.now });
    const built = async (tenantId: string) => {
      sets.open(tenantId);
      await sets.whenBuilt(tenantId, MINUTE_MS);
      return sets.open(tenantId).state;
    };
    return { sets, built, ...tenants };
  };
  const heldForAnother = ({ sets, first }: ReturnType<typeof openSets>, tenantId: string) =>
    sets.add(tenantId, first(tenantId) ?? newNumber(), 'E-other');

  it('outlives its last use by ten minutes, whether anybody asks or not', async () => {
    const world = openSets({ 't-a': 3 });
    await world.built('t-a');
    clock.advance(10 * MINUTE_MS);
    expect(heldForAnother(world, 't-a')).toBe(true);
    clock.advance(10 * MINUTE_MS);
    world.sets.dropUnused();
    expect(heldForAnother(world, 't-a')).toBe(true);
    clock.advance(10 * MINUTE_MS + 1);
    world.sets.dropUnused();
    expect(heldForAnother(world, 't-a')).toBeUndefined();
    await world.built('t-a');
    clock.advance(10 * MINUTE_MS + 1);
    expect(heldForAnother(world, 't-a')).toBeUndefined();
    expect(world.opened).toEqual(['t-a', 't-a']);
  });

  it('is gone after a fence, also one that was being built', async () => {
    const world = openSets({ 't-a': 3, 't-b': 600 });
    await world.built('t-a');
    const openGate = world.closeGate();
    expect(world.sets.open('t-b').state).toBe('building');
    world.sets.forget();
    openGate();
    await world.sets.stop();
    expect(heldForAnother(world, 't-a')).toBeUndefined();
    expect(heldForAnother(world, 't-b')).toBeUndefined();
    expect(world.opened.filter((one) => one === 't-b').length).toBeLessThan(2);
  });

  it('makes room for another: the one unused for longest goes first', async () => {
    const world = openSets({ 't-a': 40, 't-b': 40, 't-c': 40 }, 100);
    await world.built('t-a');
    await world.built('t-b');
    world.sets.open('t-a');
    expect(await world.built('t-c')).toBe('ready');
    expect(heldForAnother(world, 't-b')).toBeUndefined();
    expect([heldForAnother(world, 't-a'), heldForAnother(world, 't-c')]).toEqual([true, true]);
  });

  it('is not built of more numbers than there is room for, and is dropped when it grows so far', async () => {
    const world = openSets({ 't-a': 101, 't-b': 99 }, 100);
    expect(await world.built('t-a')).toBe('missing');
    expect(world.opened).toEqual([]);
    expect(await world.built('t-b')).toBe('ready');
    const added = Array.from({ length: 3 }, (_, at) =>
      world.sets.add('t-b', newNumber(), `E-new-${at}`),
    );
    expect(added).toEqual([false, false, undefined]);
  });

  it('knows what was stored while it was being built', async () => {
    const world = openSets({ 't-a': 3 });
    const openGate = world.closeGate();
    world.sets.open('t-a');
    const number = newNumber();
    expect(world.sets.add('t-a', number, 'E-1')).toBeUndefined();
    openGate();
    await world.built('t-a');
    expect(world.sets.add('t-a', number, 'E-2')).toBe(true);
  });

  it('is waited for only so long', async () => {
    const world = openSets({ 't-a': 3 });
    const openGate = world.closeGate();
    world.sets.open('t-a');
    await world.sets.whenBuilt('t-a', 1);
    expect(world.sets.open('t-a').state).toBe('building');
    openGate();
    await world.sets.stop();
  });
});

describe('an internal act', () => {
  it('opens no more than it is recorded for', async () => {
    const { deps } = makeTenants({ 't-a': 3 });
    const records = await deps.readLiving('t-a', { after: -1, limit: 3 });
    const act = await deps.beginInternalAct('scrub', 2);
    await expect(act.ask('t-a', records, () => true)).rejects.toThrow(RangeError);
    expect([...(await act.ask('t-a', records.slice(1), () => true)).values()]).toEqual([
      'yes',
      'yes',
    ]);
    await expect(act.ask('t-a', records.slice(0, 1), () => true)).rejects.toThrow(RangeError);
  });
});

describe('what one person may learn in a day', () => {
  it('ends with so many lines or so many warnings, until the day is over', () => {
    const clock = fixedClock(1_800_000_000_000);
    const allowance = new CheckAllowance(clock.now, { lines: 4, warnings: 2 });
    const take = (person: string) => allowance.takeLine('t-a', person);
    expect([1, 2, 3, 4, 5].map(() => take('one'))).toEqual([true, true, true, true, false]);
    expect(take('two')).toBe(true);
    allowance.noteWarning('t-a', 'two');
    allowance.noteWarning('t-a', 'two');
    expect([take('two'), allowance.takeLine('t-b', 'two')]).toEqual([false, true]);
    clock.advance(24 * 60 * MINUTE_MS - 1);
    expect(take('one')).toBe(false);
    clock.advance(1);
    expect([take('one'), take('two')]).toEqual([true, true]);
  });
});
