import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rolesOf } from '@mnv/cli';
import { createTestDatabase } from '@mnv/testing';
import type { TestDatabase, TestDatabaseKind } from '@mnv/testing';

describe.each<TestDatabaseKind>(['vault', 'access', 'disposal'])(
  'a test database of %s',
  (kind) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase(kind);
    });
    afterAll(() => database.drop());

    it('is migrated and names its version to the service', async () => {
      const { rows } = await database
        .pool(`${kind}_service`)
        .query('select version, name from schema_version where version = 1');

      expect(rows).toEqual([{ version: 1, name: 'base' }]);
    });

    it('lets each role in under its own name', async () => {
      for (const role of rolesOf(kind)) {
        const { rows } = await database.pool(role).query('select current_user as name');
        expect(rows).toEqual([{ name: role }]);
      }
    });
  },
);
