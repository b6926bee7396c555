import fc from 'fast-check';
import type { TreeStore } from '../../src/index.ts';
import type { CrashPoint } from './crashes.ts';
import { driveEpoch, runEpoch } from './run-epoch.ts';
import type { Drive } from './run-epoch.ts';
import { treeWorld } from './world.ts';
import type { World } from './world.ts';

const TENANTS = ['t-001', 't-002', 't-003'] as const;

type Write = {
  readonly tenantId: (typeof TENANTS)[number];
  readonly count: number;
  readonly how: 'committed' | 'in-vain';
};

type Round = {
  readonly writes: readonly Write[];
  /** Each picks one living record; none makes a rotation. */
  readonly picks: readonly number[];
  readonly during: readonly Write[];
  readonly crashes: readonly CrashPoint[];
};

export type History = readonly Round[];

const writes = (maxLength: number) =>
  fc.array(
    fc.record({
      tenantId: fc.constantFrom(...TENANTS),
      count: fc.oneof(
        { weight: 4, arbitrary: fc.constant(1) },
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 130 }) },
        { weight: 1, arbitrary: fc.integer({ min: 131, max: 900 }) },
      ),
      how: fc.constantFrom('committed', 'committed', 'committed', 'in-vain'),
    }),
    { maxLength },
  );

const crash: fc.Arbitrary<CrashPoint> = fc.record({
  after: fc.nat({ max: 14 }),
  how: fc.constantFrom('before', 'rolled-back', 'lost-answer'),
});

export const histories: fc.Arbitrary<History> = fc.array(
  fc.record({
    writes: writes(5),
    picks: fc.array(fc.nat(), { maxLength: 12 }),
    during: writes(12),
    crashes: fc.array(crash, { maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Lives a history on an empty store, each round ending with an epoch whose promises are checked. */
export async function live<Tx>(
  store: TreeStore<Tx>,
  history: History,
  drive: Drive = driveEpoch,
): Promise<World<Tx>> {
  const world = await treeWorld(store);
  await world.addTenant(TENANTS[0]);
  await world.allocate(TENANTS[0], 1);
  for (const [at, round] of history.entries()) {
    for (const write of round.writes) await apply(world, write);
    const during = [...round.during];
    await runEpoch(world, {
      plan: { epoch: at + 2, intentIndex: 100 + at, items: pick(world, round.picks) },
      crashes: round.crashes,
      between: async () => {
        const write = during.shift();
        if (write) await apply(world, write);
      },
      drive,
    });
  }
  return world;
}

async function apply<Tx>(world: World<Tx>, { tenantId, count, how }: Write): Promise<void> {
  await world.addTenant(tenantId);
  if (how === 'committed') await world.allocate(tenantId, count);
  else await world.allocateInVain(tenantId, count);
}

function pick<Tx>({ living }: World<Tx>, picks: readonly number[]): Map<string, number[]> {
  const records = [...living].flatMap(([tenantId, keys]) =>
    [...keys.keys()].map((position) => ({ tenantId, position })),
  );
  const chosen = new Set(records.length > 0 ? picks.map((number) => number % records.length) : []);
  const items = new Map<string, number[]>();
  for (const at of chosen) {
    const { tenantId, position } = records[at] as (typeof records)[number];
    items.set(tenantId, [...(items.get(tenantId) ?? []), position]);
  }
  return items;
}
