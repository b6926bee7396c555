import { createPool } from '@mnv/service-kit';
import type { Pool } from 'pg';

const CONNECTIONS = 8;
const PATIENT_CONNECTIONS = 3;
const PATIENT_STATEMENT_MS = 120_000;
const PATIENT_ACQUIRE_MS = 30_000;

/** Connections of this service. */
export type Pools = {
  /** For what somebody waits for, with the deadlines of a request. */
  pool: Pool;
  /** For lists and counts over a whole tenant, which may have a million records. */
  patient: Pool;
};

/** Opens both for the service's own role. Throws StartupError. */
export function openPools(place: {
  setting: string;
  connectionString: string;
  caFile?: string | undefined;
}): Pools {
  const pool = createPool({ ...place, max: CONNECTIONS, applicationName: 'disposal' });
  const patient = createPool({
    ...place,
    max: PATIENT_CONNECTIONS,
    applicationName: 'disposal lists',
    acquireMs: PATIENT_ACQUIRE_MS,
    statementMs: PATIENT_STATEMENT_MS,
  });
  return { pool, patient };
}
