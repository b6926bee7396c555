import { afterAll, beforeAll } from '@jest/globals';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
// The contract of the store belongs to the package that needs it, and is no part of what it exports.
import { describeErasureEpochs } from '../../../packages/erasure-tree/test/contract/epoch-contract.ts';
import { describeLiveKeyMap } from '../../../packages/erasure-tree/test/contract/map-contract.ts';
import { describeEpochSteps } from '../../../packages/erasure-tree/test/contract/steps-contract.ts';
import { describeTreeStore } from '../../../packages/erasure-tree/test/contract/store-contract.ts';
import type { KeyTreeTransaction } from '../src/key-tree.repository.ts';
import { keyTreeRepository } from '../src/key-tree.repository.ts';

let database: TestDatabase;
let service: pg.Pool;
let owner: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase('vault');
  service = database.pool('vault_service', { max: 8 });
  owner = database.pool('vault_migrate', { max: 1 });
});
afterAll(() => database.drop());

const postgres = {
  name: 'PostgreSQL',
  histories: 12,
  empty: async () => {
    await owner.query('truncate node, tree, tree_head');
    return keyTreeRepository(new Kysely({ dialect: new PostgresDialect({ pool: service }) }));
  },
};

describeTreeStore<KeyTreeTransaction>(postgres);
describeLiveKeyMap<KeyTreeTransaction>(postgres);
describeErasureEpochs<KeyTreeTransaction>(postgres);
describeEpochSteps<KeyTreeTransaction>(postgres);
