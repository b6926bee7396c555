import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectForbidden } from '@mnv/testing';
import type pg from 'pg';
import type { LogWorld } from './log-world.ts';
import { aRequest, openLogWorld } from './log-world.ts';

let world: LogWorld;
let service: pg.Pool;
beforeAll(async () => {
  world = await openLogWorld();
  service = world.pool;
  await world.writer().append(world.makeLog(), aRequest(1), 'interactive');
  await service.query(`insert into operator (subject, name, added_by) values ('s-1', 'n', 'test')`);
  for (const tenantId of ['t-001', 't-002']) {
    await service.query(
      `insert into tenant (tenant_id, name, log_id, origin, created_by) values ($1, 'n', $2, $3, 'test')`,
      [tenantId, randomUUID(), tenantId],
    );
    await asTenant(tenantId, assignmentOf(tenantId));
  }
});
afterAll(() => world.database.drop());

const assignmentOf = (tenantId: string) =>
  `insert into assignment (assignment_id, tenant_id, subject, purposes, starts_on, added_by)
   values (gen_random_uuid(), '${tenantId}', 's-1', '{TAX-WITHHOLD}', '2026-01-01', 'test')`;

/** The rows a statement answers or changes, in a transaction that works for one tenant. */
async function asTenant(tenantId: string, statement: string): Promise<number> {
  const client = await service.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.query('commit');
    client.release();
  }
}

const OWNED = [
  'tenant',
  'log_batch',
  'log_tile',
  'log_segment',
  'seen_control_checkpoint',
  'witnessed_control_checkpoint',
  'operator',
  'assignment',
  'training',
  'schema_version',
];

describe('the role of the access proxy', () => {
  it('cannot change, delete or empty anything of a log or a register', async () => {
    const changes = {
      tenant: 'name',
      log_batch: 'entries',
      log_tile: 'hashes',
      log_segment: 'sealed_key',
      seen_control_checkpoint: 'root',
      witnessed_control_checkpoint: 'note',
      operator: 'name',
      assignment: 'purposes',
      training: 'expires_on',
      schema_version: 'name',
    };
    await expectForbidden(
      service,
      Object.entries(changes).flatMap(([table, column]) => [
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]),
    );
  });

  it('cannot reach into the columns of an assignment beyond its end', async () => {
    await expectForbidden(
      service,
      ['assignment_id', 'tenant_id', 'subject', 'starts_on', 'added_at', 'added_by'].map(
        (column) => `update assignment set ${column} = ${column}`,
      ),
    );
    expect(await asTenant('t-001', `update assignment set ends_on = '2026-12-31'`)).toBe(1);
  });

  it('cannot alter, own, trigger, lock out or define anything', async () => {
    await expectForbidden(service, [
      ...OWNED.flatMap((table) => [
        `alter table ${table} add column more text`,
        `alter table ${table} disable row level security`,
        `alter table ${table} disable trigger all`,
        `drop table ${table}`,
        `lock table ${table} in access exclusive mode`,
        `create trigger t before insert on ${table} execute function suppress_redundant_updates_trigger()`,
        `create rule r as on insert to ${table} do instead nothing`,
      ]),
      'create table access.mine (a int)',
      'create schema mine',
      'create function access.f() returns int language sql as $$ select 1 $$',
      'create role another',
      'alter role access_service bypassrls',
      'set role access_migrate',
      `select pg_read_file('/etc/passwd')`,
      `copy log_batch to program 'true'`,
      `insert into schema_version (version, name, sha256) values (99, 'x', repeat('0', 64))`,
    ]);
  });

  it('sees the assignments of the tenant it works for, and without one none', async () => {
    expect((await service.query('select from assignment')).rowCount).toBe(0);
    expect(await asTenant('t-001', 'select from assignment')).toBe(1);
    expect(await asTenant('t-001', `select from assignment where tenant_id = 't-002'`)).toBe(0);
    expect(
      await asTenant(
        't-001',
        `update assignment set ends_on = '2026-12-31' where tenant_id = 't-002'`,
      ),
    ).toBe(0);
  });

  it('cannot assign anybody to another tenant, or to none', async () => {
    await expectForbidden(service, [assignmentOf('t-002')]);
    await expect(asTenant('t-001', assignmentOf('t-002'))).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot switch off triggers for its session', async () => {
    await expectForbidden(service, ['set session_replication_role = replica']);
  });
});
