import { readFileSync } from 'node:fs';
import { decodeEntry } from '@mnv/protocol';
import { decodeEntryBundle } from '@mnv/transparency-log';
import pg from 'pg';
import type { Endpoints } from '../../src/system/endpoints.ts';

/** Records the vault remembers to have released, and those whose entry the log does not hold byte for byte. */
export type Comparison = { released: Set<string>; missing: string[] };

/** Reads both databases as their superuser: no code of a service stands between. */
export async function compareReleasesWithLog(endpoints: Endpoints): Promise<Comparison> {
  const releases = await rowsOf<{ log_id: string; first_index: string; entries: Buffer }>(
    endpoints,
    { database: 'vault', sql: 'select log_id, first_index, entries from vault.release' },
  );
  const batches = await rowsOf<{ origin: string; start: string; entries: Buffer }>(endpoints, {
    database: 'access',
    sql: 'select origin, start, entries from access.log_batch join access.tenant using (log_id)',
  });
  const log = new Map<string, Uint8Array>();
  for (const { origin, start, entries } of batches) {
    for (const [at, entry] of decodeEntryBundle(entries).entries()) {
      log.set(`${origin} ${Number(start) + at}`, entry);
    }
  }
  const comparison: Comparison = { released: new Set(), missing: [] };
  for (const { log_id, first_index, entries } of releases) {
    for (const [at, entry] of decodeEntryBundle(entries).entries()) {
      const { rec } = decodeEntry(entry);
      comparison.released.add(rec);
      const inLog = log.get(`${log_id} ${Number(first_index) + at}`);
      if (inLog === undefined || Buffer.compare(inLog, entry) !== 0) comparison.missing.push(rec);
    }
  }
  return comparison;
}

export async function rowsOf<Row extends pg.QueryResultRow>(
  { postgres }: Endpoints,
  { database, sql }: { database: string; sql: string },
): Promise<Row[]> {
  const client = new pg.Client({
    host: postgres.host,
    port: postgres.port,
    user: postgres.adminUser,
    password: readFileSync(postgres.adminPasswordFile, 'utf8').trim(),
    database,
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
