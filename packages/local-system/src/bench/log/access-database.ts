import { createKysely, createPool } from '@mnv/service-kit';
import type { AccessDatabase } from '../../../../../services/access-proxy/src/database.ts';

/** The access database by the role of its service, as a measurement opens it beside the running service. */
export function openAccessDatabase(connectionString: string, max: number) {
  const pool = createPool({
    setting: 'the address of the access database',
    connectionString,
    max,
    applicationName: 'bench',
  });
  return { pool, db: createKysely<AccessDatabase>(pool) };
}
