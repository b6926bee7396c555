import type { Pool } from 'pg';

/**
 * What a team does without a vault: pgcrypto in the database and an audit row, in one statement and so in one
 * transaction. `pgp` is the form its manual recommends. `raw` is the quickest it has: AES-256-CBC with a bare
 * key, whose use the same manual discourages; nothing tells that a row was altered.
 */
export type Encryption = 'pgp' | 'raw';

export const ENCRYPTED_SCHEMA = `
  create extension pgcrypto;
  create table encrypted_number (
    record_id uuid primary key, individual_ref text not null, iv bytea, sealed bytea not null
  );
  create unique index encrypted_number_ref on encrypted_number (individual_ref);
  create table raw_encrypted_number (like encrypted_number including all);
  create table audit_row (
    audit_id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    tenant_id text not null, record_id uuid not null, subject text not null,
    purpose text not null, case_id text not null
  );
  grant select, insert on encrypted_number, raw_encrypted_number, audit_row to baseline;`;

export type NewNumber = { individualRef: string; individualNumber: string };

const FORMS = {
  pgp: {
    table: 'encrypted_number',
    iv: 'null::bytea',
    seal: (key: string) => `pgp_sym_encrypt(individual_number, ${key}, 'cipher-algo=aes256')`,
    open: (key: string) => `pgp_sym_decrypt(sealed, ${key})`,
  },
  raw: {
    table: 'raw_encrypted_number',
    iv: 'gen_random_bytes(16)',
    seal: (key: string) =>
      `encrypt_iv(convert_to(individual_number, 'UTF8'), decode(${key}, 'hex'), iv, 'aes-cbc/pad:pkcs')`,
    open: (key: string) =>
      `convert_from(decrypt_iv(sealed, decode(${key}, 'hex'), iv, 'aes-cbc/pad:pkcs'), 'UTF8')`,
  },
} as const;

const AUDIT = 'insert into audit_row (tenant_id, record_id, subject, purpose, case_id)';
const ABOUT = `'t-001', record_id, 'operator-1', 'TAX-WITHHOLD', 'PAYROLL-2026-12'`;

function openStatement(encryption: Encryption) {
  const { table, open } = FORMS[encryption];
  const text = `with wanted as (
      select record_id, at from unnest($1::uuid[]) with ordinality as w(record_id, at)
    ), audited as (${AUDIT} select ${ABOUT} from wanted)
    select record_id as "recordId", ${open('$2::text')} as "individualNumber"
    from wanted join ${table} using (record_id) order by at`;
  return { name: `open-${encryption}`, text };
}

/** Also fills the tables, then under given ids and without an audit. */
export function insertStatement(encryption: Encryption, ids: 'new' | 'given') {
  const { table, iv, seal } = FORMS[encryption];
  const recordId = ids === 'new' ? 'gen_random_uuid()' : 'individual_ref::uuid';
  const audited = ids === 'new' ? `, audited as (${AUDIT} select ${ABOUT} from fresh)` : '';
  const text = `with fresh as (
      select ${recordId} as record_id, individual_ref, individual_number, ${iv} as iv
      from unnest($1::text[], $2::text[]) as l(individual_ref, individual_number)
    )${audited}
    insert into ${table} (record_id, individual_ref, iv, sealed)
    select record_id, individual_ref, iv, ${seal('$3::text')} from fresh
    returning record_id as "recordId"`;
  return { name: `insert-${encryption}-${ids}`, text };
}

export async function openAndAudit(
  pool: Pool,
  { encryption, key }: { encryption: Encryption; key: string },
  recordIds: readonly string[],
): Promise<object[]> {
  const values = [recordIds, key];
  return (await pool.query<object>({ ...openStatement(encryption), values })).rows;
}

export async function insertEncrypted(
  pool: Pool,
  { encryption, key }: { encryption: Encryption; key: string },
  records: readonly NewNumber[],
): Promise<object[]> {
  const refs = records.map((one) => one.individualRef);
  const numbers = records.map((one) => one.individualNumber);
  const values = [refs, numbers, key];
  return (await pool.query<object>({ ...insertStatement(encryption, 'new'), values })).rows;
}
