import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectForbidden } from '@mnv/testing';
import type pg from 'pg';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, World } from './world.ts';

const TABLES = [
  'tenant',
  'number_record',
  'release',
  'seen_checkpoint',
  'log_fork',
  'idempotency',
  'tree_head',
  'tree',
  'node',
  'schema_version',
  'scrub_pass',
  'duplicate_sweep',
  'duplicate_record',
  'job_lease',
  'identity_document',
  'identity_document_period',
  'legal_hold',
  'legal_hold_individual',
];
/** Those whose rows are written once and never again. */
const INSERT_ONLY = [
  'tenant',
  'release',
  'seen_checkpoint',
  'log_fork',
  'schema_version',
  'identity_document',
  'identity_document_period',
];

let world: World;
let pool: pg.Pool;

beforeAll(async () => {
  world = await createWorld();
  const vault: RunningVault = await world.startVault();
  for (const tenantId of ['t-001', 't-002']) {
    const tenant = await world.createTenant(vault, tenantId);
    const [one] = (await storeNumbers(vault, tenant)) as [Stored];
    const intent = await makeIntent(tenant.client, { tenant: tenantId, recordIds: [one.recordId] });
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent]));
  }
  pool = world.database.pool('vault_service');
});
afterAll(() => world.close());

describe('the role of the vault', () => {
  it('rewrites nothing that was released, accepted or pinned', async () => {
    await expectForbidden(pool, [
      ...INSERT_ONLY.map((table) => `delete from vault.${table}`),
      'update vault.release set entries = entries',
      'update vault.release set tenant_id = tenant_id',
      'update vault.seen_checkpoint set root = root',
      'update vault.log_fork set note = note',
      'update vault.tenant set log_origin = log_origin',
      'update vault.schema_version set version = version',
      "insert into vault.schema_version (version, name, sha256) values (99, 'x', repeat('0', 64))",
    ]);
  });

  it('changes nothing of a record but that it was disposed of', async () => {
    const columns = [
      'tenant_id',
      'record_id',
      'individual_ref',
      'subject',
      'related_ref',
      'purposes',
      'verification',
      'notice_version',
      'position',
      'sealed_number',
      'stored_at',
      'stored_by',
      'stored_rid',
    ];
    await expectForbidden(pool, [
      ...columns.map((column) => `update vault.number_record set ${column} = ${column}`),
      'delete from vault.number_record',
    ]);
  });

  it('rewrites nothing of a scrub that was done, and no sweep away', async () => {
    await expectForbidden(pool, [
      'delete from vault.scrub_pass',
      'update vault.scrub_pass set started_at = now()',
      'update vault.scrub_pass set expected = 0',
      'delete from vault.duplicate_sweep',
      'update vault.duplicate_record set holders = holders',
      'delete from vault.job_lease',
    ]);
  });

  it('changes no key and no repeat', async () => {
    await expectForbidden(pool, [
      'delete from vault.node',
      'delete from vault.tree',
      'delete from vault.tree_head',
      'update vault.node set tree = tree',
      'update vault.tree set ordinal = ordinal',
      'update vault.idempotency set expires_at = now()',
      'update vault.idempotency set record_id = record_id',
    ]);
  });

  it('empties, changes, makes and shares no table', async () => {
    await expectForbidden(pool, [
      ...TABLES.map((table) => `truncate vault.${table}`),
      ...TABLES.map((table) => `drop table vault.${table}`),
      ...TABLES.map((table) => `alter table vault.${table} disable row level security`),
      ...TABLES.map((table) => `alter table vault.${table} disable trigger all`),
      'create table vault.copy as select 1',
      'create function vault.f() returns int language sql as $$ select 1 $$',
      'drop function vault.release_records',
      'alter role vault_service bypassrls',
      'create role helper',
      'set role vault_migrate',
      'set session_replication_role = replica',
      "select pg_read_file('/etc/passwd')",
      "copy vault.number_record to program 'cat'",
    ]);
  });

  it('sees no rows of a tenant without naming it, and of no other', async () => {
    const count = async (table: string, tenant?: string) => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        if (tenant) await client.query("select set_config('app.tenant', $1, true)", [tenant]);
        const { rows } = await client.query<{ tenant_id: string }>(
          `select tenant_id from vault.${table}`,
        );
        return rows.map((row) => row.tenant_id);
      } finally {
        await client.query('rollback');
        client.release();
      }
    };
    for (const table of ['number_record', 'release', 'idempotency']) {
      expect(await count(table)).toEqual([]);
      expect(await count(table, 't-001')).toEqual(['t-001']);
      expect(await count(table, 't-002')).toEqual(['t-002']);
    }
  });

  it('writes no row of another tenant than it named', async () => {
    const asFirst = "select set_config('app.tenant', 't-001', true);";
    await expectForbidden(pool, [
      `${asFirst} insert into vault.release (day, tenant_id, rid, log_id, first_index, n, entries)
         values (now(), 't-002', gen_random_uuid(), 'l', 0, 1, '')`,
      `${asFirst} insert into vault.idempotency values
         ('t-002', 'c', 'r', 'k', decode(repeat('00', 32), 'hex'), gen_random_uuid(), now())`,
    ]);
  });

  it('forgets no key of a repeat before its time', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query("select set_config('app.tenant', 't-001', true)");
    const early = await client.query('delete from vault.idempotency');
    await client.query('rollback');
    client.release();
    expect(early.rowCount).toBe(0);
  });
});
