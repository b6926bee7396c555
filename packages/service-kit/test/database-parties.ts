import type { TestDatabase } from '@mnv/testing';
import type pg from 'pg';
import { createPool } from '../src/index.ts';

/** A pool as a service makes it, to a connection string of the test. */
export const poolTo = (connectionString: string, max = 2): pg.Pool =>
  createPool({ setting: 'DATABASE_URL', connectionString, max, applicationName: 'test' });

/** Tables of the test alone: rows that warn, that are refused at once or at COMMIT, and that belong to tenants. */
export const KIT_TABLES = `
  create table kept (id integer primary key, note text unique deferrable initially deferred);
  create function warn() returns trigger language plpgsql as
    $$ begin raise warning 'not everywhere' using errcode = '01000'; return new; end $$;
  create function hint() returns trigger language plpgsql as
    $$ begin raise notice 'by the way'; return new; end $$;
  create table warned (id integer primary key);
  create trigger at_once after insert on warned for each row execute function warn();
  create table warned_late (id integer primary key);
  create constraint trigger at_commit after insert on warned_late
    deferrable initially deferred for each row execute function warn();
  create table hinted (id integer primary key);
  create trigger at_once after insert on hinted for each row execute function hint();
  create table owned (tenant_id text not null, id integer not null);
  alter table owned enable row level security;
  alter table owned force row level security;
  create policy by_tenant on owned using (tenant_id = current_setting('app.tenant', true));
  grant select, insert on kept, warned, warned_late, hinted, owned to vault_service;
`;

export async function prepare(database: TestDatabase): Promise<void> {
  await database.pool('vault_migrate').query(KIT_TABLES);
}
