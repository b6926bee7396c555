import type { Endpoints } from '../../system/endpoints.ts';
import { adminDsn } from '../baseline-database.ts';
import { createDisposableDatabase, execute } from '../disposable-database.ts';
import type { DisposableDatabase } from '../disposable-database.ts';
import { REWRAP_SCHEMA } from './baseline-rewrap-all.ts';

/**
 * A second vault database in the same cluster, so that no epoch of the measurement touches the running one,
 * and the baseline's table.
 */
export async function createTreeDatabase(endpoints: Endpoints): Promise<DisposableDatabase> {
  const database = await createDisposableDatabase(endpoints, {
    kind: 'vault',
    name: 'erasure',
  });
  await execute(adminDsn(endpoints, 'baseline'), REWRAP_SCHEMA);
  return database;
}
