import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeIndividualNumber } from '@mnv/testing';
import pg from 'pg';
import type { Endpoints } from '../system/endpoints.ts';
import { ENCRYPTED_SCHEMA, insertStatement } from './encrypted-rows.ts';
import { HASH_CHAIN_SCHEMA } from './log/baseline-hash-chain.ts';

const PLAIN_SCHEMA = `
  create table plain_number (record_id uuid primary key, individual_number text not null);
  grant select on plain_number to baseline;`;

export type BaselineDatabase = {
  /** For the baseline servers: a role with the rights they need, as a service has. */
  dsn: string;
  encryptionKey: string;
  /** Gives each record of the system a row of its own in the tables of the baselines. */
  addRecords: (recordIds: readonly string[]) => Promise<void>;
  close: () => Promise<void>;
};

/** The superuser's address of a database of the embedded cluster. */
export function adminDsn({ postgres }: Endpoints, database: string): string {
  const { adminUser, adminPasswordFile, host, port } = postgres;
  const password = encodeURIComponent(readFileSync(adminPasswordFile, 'utf8').trim());
  return `postgresql://${adminUser}:${password}@${host}:${port}/${database}`;
}

/** A database for the baselines in the same cluster, on the same disk, with the same durability. */
export async function createBaselineDatabase(endpoints: Endpoints): Promise<BaselineDatabase> {
  const password = randomBytes(16).toString('hex');
  const admin = new pg.Client({ connectionString: adminDsn(endpoints, 'postgres') });
  await admin.connect();
  await admin.query(`create role baseline login password '${password}'`);
  await admin.query('create database baseline');
  await admin.end();
  const owner = new pg.Client({ connectionString: adminDsn(endpoints, 'baseline') });
  await owner.connect();
  await owner.query(PLAIN_SCHEMA + ENCRYPTED_SCHEMA + HASH_CHAIN_SCHEMA);
  const encryptionKey = randomBytes(32).toString('hex');
  const { host, port } = endpoints.postgres;
  return {
    dsn: `postgresql://baseline:${password}@${host}:${port}/baseline`,
    encryptionKey,
    addRecords: (recordIds) => addRecords(owner, encryptionKey, recordIds),
    close: () => owner.end(),
  };
}

async function addRecords(
  owner: pg.Client,
  key: string,
  recordIds: readonly string[],
): Promise<void> {
  const numbers = recordIds.map(() => makeIndividualNumber());
  await owner.query('insert into plain_number select * from unnest($1::uuid[], $2::text[])', [
    recordIds,
    numbers,
  ]);
  for (const encryption of ['pgp', 'raw'] as const) {
    await owner.query(insertStatement(encryption, 'given').text, [recordIds, numbers, key]);
  }
  await owner.query('vacuum analyze');
}
