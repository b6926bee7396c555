import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withTenant } from '@mnv/service-kit';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { DisposalDatabase } from '../../src/database.ts';
import { keepCertificate } from '../../src/disposals/certificate.repository.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('the registers of a tenant, as documents', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const period = { from: '2026-04-01', to: '2027-03-31' };
  /** The rows of a register as CSV, without its heads. */
  const rowsOf = async (kind: string, body: object = period, tenant = 't-001') => {
    const path = `/v1/tenants/${tenant}/registers/${kind}`;
    const accept = 'text/csv';
    const { status, text } = await world.call('POST', path, { tenant, body, accept });
    expect(status).toBe(200);
    return text.trimEnd().split('\r\n').slice(1);
  };
  const inTenant = (statement: ReturnType<typeof sql>, tenantId = 't-001') =>
    withTenant(world.db, tenantId, (trx) => statement.execute(trx));

  it('hold all there is, however much', async () => {
    await world.call('POST', 'subcontractor-deletions', {
      body: { subcontractor: '倉庫', what: '書類', dueOn: '2026-04-01' },
    });
    await inTenant(sql`
      insert into subcontractor_deletion (tenant_id, deletion_id, subcontractor, what, due_on, noted_by)
      select 't-001', gen_random_uuid(), '委託先', 'No. ' || n, date '2026-05-01' + n / 100, 'i s'
      from generate_series(1, 1200) n`);
    const rows = await rowsOf('subcontractors');
    expect(rows).toHaveLength(1_201);
    expect(new Set(rows).size).toBe(1_201);
    const days = rows.map((row) => row.split(',')[2] ?? '');
    expect(days).toEqual(days.toSorted());
    expect(await rowsOf('subcontractors', period, 't-002')).toEqual([]);
  });

  it('are of their period, its first and last day whole, by the clock of Japan', async () => {
    const drafted = [
      ['BEFORE', '2026-03-31T14:59:59.999Z'],
      ['FIRST', '2026-03-31T15:00:00Z'],
      ['LAST', '2027-03-31T14:59:59.999Z'],
      ['AFTER', '2027-03-31T15:00:00Z'],
    ] as const;
    for (const [caseId, at] of drafted) {
      const id = randomUUID();
      await inTenant(sql`
        insert into disposal (tenant_id, disposal_id, case_id, reason, batch_hash, n, drafted_by, client_id,
          idempotency_key, drafted_at)
        values ('t-001', ${id}, ${caseId}, 'due', ${Buffer.alloc(32)}, 3, 's-1', 'c-1', ${id}::text, ${at})`);
    }
    const rows = (await rowsOf('disposals')).map((row) => row.split(','));
    expect(rows.map((cells) => cells[1])).toEqual(['FIRST', 'LAST']);
    // Of what nobody has erased no method is said.
    expect(rows.map((cells) => cells[4])).toEqual(['', '']);
  });

  it('name certificates in the order of their numbers', async () => {
    const today = world.realToday();
    for (let number = 1; number <= 3; number += 1) {
      const id = randomUUID();
      await inTenant(sql`
        insert into disposal (tenant_id, disposal_id, case_id, reason, batch_hash, n, drafted_by, client_id,
          idempotency_key)
        values ('t-001', ${id}, ${`CASE-${number}`}, 'due', ${Buffer.alloc(32)}, 3, 's-1', 'c-1', ${id}::text)`);
      await keepCertificate(
        world.db as unknown as Kysely<DisposalDatabase>,
        { tenantId: 't-001', disposalId: id },
        { number, certificate: id, hash: createHash('sha256').update(id).digest() },
      );
    }
    const rows = await rowsOf('certificates', { from: today, to: today });
    expect(rows.map((row) => row.split(',')[3])).toEqual(['CASE-1', 'CASE-2', 'CASE-3']);
    expect(await rowsOf('certificates', { from: '2020-01-01', to: '2020-12-31' })).toEqual([]);
  });

  it('leave one entry each, and are made for nobody without the right', async () => {
    world.acts.length = 0;
    await rowsOf('carried');
    expect(world.acts).toEqual([{ operation: 'export-register', tenantId: 't-001' }]);
    const path = '/v1/tenants/t-001/registers/carried';
    const scope = 'disposal:request number:write';
    const refused = await world.call('POST', path, { body: period, scope });
    expect(refused.status).toBe(403);
    const other = await world.call('POST', path, { body: period, tenant: 't-002' });
    expect(other.status).toBe(404);
  });
});
