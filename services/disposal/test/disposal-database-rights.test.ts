import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, expectForbidden } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';
import type pg from 'pg';

let database: TestDatabase;
let service: pg.Pool;
const disposals = new Map<string, string>();
beforeAll(async () => {
  database = await createTestDatabase('disposal');
  service = database.pool('disposal_service');
  for (const tenantId of ['t-001', 't-002']) {
    const disposalId = randomUUID();
    disposals.set(tenantId, disposalId);
    await asTenant(tenantId, insertDisposal(tenantId, disposalId));
    await asTenant(
      tenantId,
      `insert into disposal_record values ('${tenantId}', '${disposalId}', 0, gen_random_uuid(), 'e-1')`,
    );
    await asTenant(
      tenantId,
      `insert into disposal_certificate (tenant_id, disposal_id, number, certificate, hash, tenant_number)
       values ('${tenantId}', '${disposalId}', ${disposals.size}, 'jws', '\\x${'00'.repeat(32)}', 1)`,
    );
  }
});
afterAll(() => database.drop());

const insertDisposal = (tenantId: string, disposalId: string) =>
  `insert into disposal (tenant_id, disposal_id, case_id, reason, batch_hash, n, drafted_by, client_id,
     idempotency_key)
   values ('${tenantId}', '${disposalId}', 'CASE', 'why', '\\x${'00'.repeat(32)}', 1, 's-1', 'c-1',
     '${disposalId}')`;

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

const TENANT_TABLES = ['disposal', 'disposal_record', 'disposal_certificate'];

describe('the role of the disposal service', () => {
  it('cannot change what was drafted, what was certified, or what it has seen', async () => {
    const columns = {
      disposal: ['case_id', 'reason', 'batch_hash', 'n', 'not_due', 'drafted_by', 'drafted_at'],
      disposal_record: ['record_id', 'at', 'disposal_id'],
      disposal_certificate: ['number', 'tenant_number', 'certificate', 'hash', 'issued_at'],
      certificate_number: ['number', 'disposal_id'],
      seen_control_checkpoint: ['size', 'root', 'note'],
    };
    await expectForbidden(
      service,
      Object.entries(columns).flatMap(([table, names]) => [
        ...names.map((name) => `update ${table} set ${name} = ${name}`),
        `delete from ${table}`,
        `truncate ${table}`,
      ]),
    );
  });

  it('cannot alter, own or trigger anything', async () => {
    await expectForbidden(
      service,
      [...TENANT_TABLES, 'certificate_number', 'seen_control_checkpoint'].flatMap((table) => [
        `alter table ${table} add column more text`,
        `alter table ${table} disable row level security`,
        `drop table ${table}`,
        `lock table ${table} in access exclusive mode`,
      ]),
    );
  });

  it.each(TENANT_TABLES)(
    'sees in %s what is of the tenant it works for, and else nothing',
    async (table) => {
      expect((await service.query(`select from ${table}`)).rowCount).toBe(0);
      expect(await asTenant('t-001', `select from ${table}`)).toBe(1);
      expect(await asTenant('t-001', `select from ${table} where tenant_id = 't-002'`)).toBe(0);
    },
  );

  it('cannot reach the disposals of another tenant, or make one there', async () => {
    const other = disposals.get('t-002')!;
    const update = `update disposal set ordered_at = now() where disposal_id = '${other}'`;
    expect(await asTenant('t-001', update)).toBe(0);
    await expect(asTenant('t-001', insertDisposal('t-002', randomUUID()))).rejects.toMatchObject({
      code: '42501',
    });
    await expectForbidden(service, [insertDisposal('t-002', randomUUID())]);
  });

  it('forgets the list of persons of the tenant it works for alone', async () => {
    const forget = 'update disposal_record set individual_ref = null';
    expect(await asTenant('t-001', forget)).toBe(1);
    const { rows } = await database
      .pool('postgres')
      .query('select tenant_id, individual_ref from disposal.disposal_record order by tenant_id');
    expect(rows).toEqual([
      { tenant_id: 't-001', individual_ref: null },
      { tenant_id: 't-002', individual_ref: 'e-1' },
    ]);
  });
});
