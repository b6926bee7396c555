import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRoot, createKeyTree } from '@mnv/erasure-tree';
import type { Allocation, RootProvider } from '@mnv/erasure-tree';
import { createTestDatabase, expectForbidden } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { keyTreeRepository } from '../src/key-tree.repository.ts';

const tenantId = 't-001';
let database: TestDatabase;
let pool: pg.Pool;
let directory: string;
let root: RootProvider;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'key-tree-'));
  const keyFile = join(directory, 'key');
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  root = createFileRoot({ file: join(directory, 'roots.json'), keyFile });
  database = await createTestDatabase('vault');
  pool = database.pool('vault_service', { max: 8 });
  const { store, tree } = vault();
  await tree.initialise();
  await store.transaction((tx) => tree.addTenant(tenantId, tx));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

/** One instance of the service, with its own memory. */
function vault() {
  const store = keyTreeRepository(new Kysely({ dialect: new PostgresDialect({ pool }) }));
  const tree = createKeyTree({ store, root, deployment: 'test' });
  const allocate = (count: number) => store.transaction((tx) => tree.allocate(tenantId, count, tx));
  return { store, tree, allocate };
}

async function expectKeys(given: Allocation[]) {
  const keys = await vault().tree.keysOf(
    tenantId,
    given.map(({ position }) => position),
  );
  for (const { position, key } of given) expect(keys.get(position)?.equals(key)).toBe(true);
}

describe('the key tree in PostgreSQL', () => {
  it('gives every position once and every key back when instances create at once', async () => {
    const instances = [vault(), vault(), vault()];
    const counts = Array.from({ length: 60 }, (_, at) => [1, 1, 1, 70, 1, 300][at % 6] as number);
    const batches = await Promise.all(
      counts.map((count, at) => (instances[at % 3] as (typeof instances)[0]).allocate(count)),
    );
    const given = batches.flat();
    expect(new Set(given.map(({ position }) => position)).size).toBe(given.length);
    await expectKeys(given);
  });

  it('does not make concurrent single creations wait for each other', async () => {
    const { store, tree, allocate } = vault();
    await store.transaction(async (tx) => {
      const [held] = await tree.allocate(tenantId, 1, tx);
      const [other] = await allocate(1);
      expect(Math.floor((other?.position ?? 0) / 64)).not.toBe(
        Math.floor((held?.position ?? 0) / 64),
      );
    });
  });

  it('fills an open leaf before it takes a new one', async () => {
    const { store, tree } = vault();
    await store.transaction((tx) => tree.addTenant('t-003', tx));
    const positions = [];
    for (const count of [1, 62, 1, 1, 70, 1]) {
      const given = await store.transaction((tx) => tree.allocate('t-003', count, tx));
      positions.push(...given.map(({ position }) => position));
    }
    expect(positions).toEqual(Array.from({ length: 136 }, (_, at) => at));
  });

  it('leaves nothing of an allocation whose transaction fails', async () => {
    const { store, tree, allocate } = vault();
    const failing = store.transaction(async (tx) => {
      await tree.allocate(tenantId, 4096, tx);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    await expectKeys(await allocate(500));
  });

  it('grows while another instance reads through the path it knew', async () => {
    const reader = vault();
    const other = 't-002';
    const first = await reader.store.transaction(async (tx) => {
      await reader.tree.addTenant(other, tx);
      return reader.tree.allocate(other, 1, tx);
    });
    await reader.tree.keysOf(other, [0]);
    const writer = vault();
    const more = await writer.store.transaction((tx) => writer.tree.allocate(other, 4096, tx));
    const keys = await reader.tree.keysOf(other, [0, more.at(-1)?.position as number]);
    expect(first[0] && keys.get(0)?.equals(first[0].key)).toBe(true);
    expect(keys.get(4096)?.equals(more.at(-1)?.key as Allocation['key'])).toBe(true);
  });
});

describe('the tables of the key tree', () => {
  const statements = ['node', 'tree', 'tree_head'].flatMap((table) => [
    `delete from ${table}`,
    `truncate ${table}`,
  ]);

  it.each([
    ...statements,
    'update tree set ordinal = 9',
    "update tree set tenant_id = 't-900'",
    'update node set idx = 99',
  ])('keep the service from: %s', async (statement) => {
    await expectForbidden(pool, [statement]);
  });
});
