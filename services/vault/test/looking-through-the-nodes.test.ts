import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileRoot, createKeyTree, refreshMap } from '@mnv/erasure-tree';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { Kysely, PostgresDialect } from 'kysely';
import type { CompiledQuery } from 'kysely';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { keyTreeRepository } from '../src/key-tree.repository.ts';

const LEAVES = 3 * 64;
/** Fewer than there are: a statement that wants all of a table may well read all of it. */
const FEW = { tree: 1, level: 0, after: -1, limit: 16 };
const nothing = async () => undefined;

let database: TestDatabase;
let pool: pg.Pool;
let owner: pg.Pool;
let directory: string;
let said: CompiledQuery[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stale-nodes-'));
  await writeFile(join(directory, 'key'), randomBytes(32), { mode: 0o600 });
  database = await createTestDatabase('vault');
  // What an unflushed commit deleted is not yet known to be dead; the service's commits are flushed.
  pool = database.pool('vault_service', { options: '-c synchronous_commit=on' });
  owner = database.pool('vault_migrate');
  // No statistics but those a test takes.
  await owner.query('alter table node set (autovacuum_enabled = false)');
});
afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

/** A tree right after an import: every node is stale. */
async function imported(size = LEAVES) {
  said = [];
  const dialect = new PostgresDialect({ pool });
  const store = keyTreeRepository(
    new Kysely({ dialect, log: ({ query }) => void said.push(query) }),
  );
  const [file, keyFile] = [join(directory, 'roots.json'), join(directory, 'key')];
  const root = createFileRoot({ file, keyFile });
  const tree = createKeyTree({ store, root, deployment: 'test' });
  await tree.initialise();
  await store.transaction((tx) => tree.addTenant('t-001', tx));
  for (let leaves = 0; leaves < size; leaves += 64)
    await store.transaction((tx) => tree.allocate('t-001', 64 * 64, tx));
  return { store, refresh: () => refreshMap(tree.parts, nothing) };
}

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Heap Fetches'?: number;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
};

/** The statements that a look asks. */
async function statementsOf(look: () => Promise<unknown>): Promise<CompiledQuery[]> {
  said = [];
  await look();
  return [...said];
}

/** How statements read the table of nodes. */
async function scansOf(statements: readonly CompiledQuery[], how = ''): Promise<PlanNode[]> {
  const found: PlanNode[] = [];
  for (const { sql, parameters } of statements) {
    const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (${how} format json) ${sql}`,
      [...parameters],
    );
    found.push(...rows.flatMap((row) => scansIn(row['QUERY PLAN'][0].Plan)));
  }
  return found.filter((node) => node['Relation Name'] === 'node');
}

function scansIn(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(scansIn)];
}

type World = Awaited<ReturnType<typeof imported>>;
const analyse = () => owner.query('analyze node');
const histories: Record<string, (world: World) => Promise<unknown>> = {
  'nothing was refreshed or analysed': nothing,
  'nothing was analysed': ({ refresh }) => refresh(),
  'all was stale when it was analysed': async ({ refresh }) => {
    await analyse();
    await refresh();
  },
  'nothing was stale when it was analysed': async ({ refresh }) => {
    await refresh();
    await analyse();
  },
};

describe('looking for stale nodes', () => {
  it.each(Object.entries(histories))('goes along its own index when %s', async (_, history) => {
    const world = await imported();
    await history(world);
    const scans = await scansOf([
      ...(await statementsOf(() => world.store.staleTrees())),
      ...(await statementsOf(() => world.store.scanStale(FEW))),
    ]);
    expect(scans).toHaveLength(3);
    for (const one of scans) {
      expect(one['Node Type']).toMatch(/^Index (Only )?Scan$/);
      expect(one['Index Name']).toBe('node_stale');
    }
  });

  it('does not pass again what a refresh has left behind', async () => {
    const { store, refresh } = await imported();
    const statements = await statementsOf(() => store.scanStale(FEW));
    await refresh();
    const [one] = await scansOf(statements, 'analyze,');
    expect(one?.['Heap Fetches']).toBeLessThan(LEAVES / 2);
  });
});

describe('looking for nodes under old keys', () => {
  const expectFew = async (statements: readonly CompiledQuery[], most: number) => {
    const scans = await scansOf(statements, 'analyze,');
    expect(scans).toHaveLength(statements.length);
    for (const one of scans) {
      expect(one['Actual Rows']).toBeLessThanOrEqual(most);
      expect(one['Rows Removed by Filter']).toBeUndefined();
    }
  };

  it('passes over what is done in statements of a few nodes', async () => {
    const { store } = await imported();
    const statements = await statementsOf(async () => {
      expect(await store.scanBefore({ ...FEW, epoch: 1 })).toEqual([]);
    });
    expect(statements.length).toBeGreaterThan(LEAVES / FEW.limit);
    await expectFew(statements, FEW.limit);
  });

  it('counts all trees in statements of a thousand nodes', async () => {
    const { store } = await imported(17 * 64);
    const { rows } = await owner.query<{ nodes: number }>(
      'select count(*)::int as nodes from node',
    );
    const statements = await statementsOf(async () => {
      expect(await store.countBefore(1)).toBe(0);
      expect(await store.countBefore(2)).toBe(rows[0]?.nodes);
    });
    await expectFew(statements, 1024);
  });
});
