import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Append } from './append-job.ts';

/**
 * A chain per tenant: each entry's hash covers the hash before it. The head is locked until the commit, which
 * is why appends of one tenant wait for each other. One call to the server: the lock is held no longer than
 * it must be.
 */
export const HASH_CHAIN_SCHEMA = `
  create table chain_head (tenant_id text primary key, hash bytea not null);
  insert into chain_head values ('t-001', sha256(''));
  create table chain_entry (
    entry_id bigint generated always as identity primary key,
    tenant_id text not null, entry bytea not null, hash bytea not null
  );
  create function append_to_chain(p_tenant text, p_entries bytea[]) returns void language plpgsql as $$
  declare
    current bytea;
    one bytea;
    hashes bytea[] := '{}';
  begin
    select hash into current from chain_head where tenant_id = p_tenant for update;
    foreach one in array p_entries loop
      current := sha256(current || one);
      hashes := hashes || current;
    end loop;
    insert into chain_entry (tenant_id, entry, hash)
      select p_tenant, e.entry, e.hash from unnest(p_entries, hashes) as e(entry, hash);
    update chain_head set hash = current where tenant_id = p_tenant;
  end $$;
  grant select, update on chain_head to baseline;
  grant select, insert on chain_entry to baseline;`;

const APPEND = { name: 'append-to-chain', text: 'select append_to_chain($1, $2::bytea[])' };

function entryText(): Buffer {
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  return Buffer.from(`${ids.join()},t-001,operator-1,payroll,TAX-WITHHOLD,PAYROLL-2026-12,allow`);
}

export function hashChainAppender(pool: Pool): Append {
  return (entries) =>
    pool.query({ ...APPEND, values: ['t-001', Array.from({ length: entries }, entryText)] });
}
