import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { erasureEpoch } from '@mnv/erasure-tree';
import type { EpochHooks } from '@mnv/erasure-tree';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import { treeWorld } from '../../../packages/erasure-tree/test/contract/world.ts';
import type { World } from '../../../packages/erasure-tree/test/contract/world.ts';
import type { KeyTreeTransaction } from '../src/key-tree.repository.ts';
import { keyTreeRepository } from '../src/key-tree.repository.ts';

type Tx = KeyTreeTransaction;
const tenantId = 't-001';
const quiet: EpochHooks<Tx> = {
  fence: async () => undefined,
  erased: async () => undefined,
  flipped: async () => undefined,
};

let database: TestDatabase;
let service: pg.Pool;
let world: World<Tx>;

beforeAll(async () => {
  database = await createTestDatabase('vault');
  service = database.pool('vault_service', { max: 8 });
});
afterAll(() => database.drop());
beforeEach(async () => {
  const owner = database.pool('vault_migrate', { max: 1 });
  await owner.query('truncate node, tree, tree_head');
  await owner.end();
  world = await treeWorld(
    keyTreeRepository(new Kysely({ dialect: new PostgresDialect({ pool: service }) })),
  );
  await world.addTenant(tenantId);
});

async function run(epoch: number, positions: number[], hooks = quiet): Promise<void> {
  const plan = { epoch, intentIndex: epoch, items: new Map([[tenantId, positions]]) };
  const runner = erasureEpoch(world.instance().parts, plan, hooks);
  for (let did = ''; did !== 'nothing'; ) ({ did } = await runner.next());
}

/** Until so many sessions of this database wait for a lock. */
async function untilWaiting(sessions: number): Promise<void> {
  for (let waiting = 0; waiting < sessions; ) {
    await pause(10);
    const { rows } = await service.query<{ waiting: string }>(
      `select count(*) as waiting from pg_locks l join pg_stat_activity a using (pid)
       where not l.granted and a.datname = current_database()`,
    );
    waiting = Number(rows[0]?.waiting);
  }
}

describe('epochs under traffic', () => {
  it('lose no insertion, stop no reader and meet no deadlock while trees grow beneath them', async () => {
    await world.allocate(tenantId, 3900);
    const known = [...(world.living.get(tenantId) as Map<number, string>)].slice(1000);
    let running = true;
    let reads = 0;
    const reader = async () => {
      const tree = world.instance();
      while (running) {
        const [position, key] = known[(reads * 131) % known.length] as [number, string];
        const keys = await tree.keysOf(tenantId, [position]);
        expect(keys.get(position)?.export().toString('hex')).toBe(key);
        reads += 1;
      }
    };
    let written = 0;
    const writer = async (number: number) => {
      for (let at = 0; running; at += 1) {
        await world.addTenant(`t-${number}${at % 40}x`);
        await world.allocate(
          at % 3 === 0 ? tenantId : `t-${number}${at % 5}x`,
          [1, 1, 90, 1, 400][at % 5] as number,
        );
        written += 1;
      }
    };
    const traffic = [reader(), reader(), writer(1), writer(2), writer(3)];
    const living = world.living.get(tenantId) as Map<number, string>;
    for (const epoch of [2, 3, 4, 5]) {
      const positions = Array.from({ length: epoch === 4 ? 0 : 60 }, (_, at) => at * 16 + epoch);
      await run(epoch, positions);
      for (const position of positions) living.delete(position);
    }
    const during = written;
    running = false;
    await Promise.all(traffic);

    expect(during).toBeGreaterThan(20);
    expect(reads).toBeGreaterThan(20);
    for (const [tenant, given] of world.living) {
      const keys = await world.instance().keysOf(tenant, [...given.keys()]);
      const found = [...keys].map(([position, key]) => [position, key.export().toString('hex')]);
      expect(new Map(found as [number, string][])).toEqual(given);
    }
  });

  it('let an insertion into another leaf finish while a re-keying transaction is held open', async () => {
    await world.allocate(tenantId, 130);
    const positions: number[] = [];
    const erased = async () => {
      await world.allocate(tenantId, 1);
      positions.push(...[...(world.living.get(tenantId)?.keys() ?? [])].slice(-1));
    };
    await run(2, [0], { ...quiet, erased });
    expect(positions).toEqual([130]);
  });

  it('take turns with a growing tree in one order of locks', async () => {
    await world.allocate(tenantId, 3900);
    const plan = { epoch: 2, intentIndex: 2, items: new Map([[tenantId, [0]]]) };
    const runner = erasureEpoch(world.instance().parts, plan, quiet);
    await runner.next();
    await runner.next();
    const holder = await service.connect();
    await holder.query('begin; select 1 from node where tree = 1 and level = 16 for update');

    const growth = world.allocate(tenantId, 400);
    await untilWaiting(1);
    const topRekeyed = runner.next();
    await untilWaiting(2);
    await holder.query('commit');
    holder.release();

    await expect(growth).resolves.toBeUndefined();
    await expect(topRekeyed).resolves.toMatchObject({ did: 'rekeyed' });
  });

  it('make one tree when instances start on an empty database at once', async () => {
    const owner = database.pool('vault_migrate', { max: 1 });
    await owner.query('truncate node, tree, tree_head');
    await Promise.all([1, 2, 3].map(() => world.instance().initialise()));
    const { rows } = await sql<{ nodes: string }>`select count(*) as nodes from node`.execute(
      new Kysely({ dialect: new PostgresDialect({ pool: owner }) }),
    );
    expect(rows).toEqual([{ nodes: '1' }]);
    await world.addTenant('t-new');
  });
});
