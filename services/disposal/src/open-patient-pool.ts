import { createPool, type PoolOptions } from '@mnv/service-kit';
import type { Pool } from 'pg';

const CONNECTIONS = 3;
const STATEMENT_MS = 120_000;
const ACQUIRE_MS = 30_000;

/**
 * Connections for lists and counts over a whole tenant, which may have a million records; what somebody waits
 * for has the others. Throws StartupError.
 */
export function openPatientPool(
  place: Pick<PoolOptions, 'setting' | 'connectionString' | 'caFile'>,
): Pool {
  return createPool({
    ...place,
    max: CONNECTIONS,
    applicationName: 'disposal lists',
    acquireMs: ACQUIRE_MS,
    statementMs: STATEMENT_MS,
  });
}
