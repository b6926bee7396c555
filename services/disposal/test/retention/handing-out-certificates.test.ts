import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { legalDayOf } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import { expectForbidden } from '@mnv/testing';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { DisposalDatabase } from '../../src/database.ts';
import { keepCertificate } from '../../src/disposals/certificate.repository.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the certificates of a tenant', () => {
  let world: World;
  let serial = 0;
  beforeAll(async () => {
    world = await createWorld({ today: legalDayOf(Date.now()) });
  });
  afterAll(() => world.close());

  /** A disposal that was certified. */
  const certified = async (tenantId = 't-001') => {
    const disposalId = randomUUID();
    await withTenant(world.db, tenantId, (trx) =>
      sql`
        insert into disposal (tenant_id, disposal_id, case_id, reason, batch_hash, n, drafted_by, client_id,
          idempotency_key)
        values (${tenantId}, ${disposalId}, 'DUE-1', 'due', ${Buffer.alloc(32)}, 3, 's-1', 'c-1',
          ${disposalId}::text)`.execute(trx),
    );
    const certificate = `jws of ${disposalId}`;
    const hash = createHash('sha256').update(certificate).digest();
    serial += 1;
    await keepCertificate(
      world.db as unknown as Kysely<DisposalDatabase>,
      { tenantId, disposalId },
      { number: serial, certificate, hash },
    );
    const path = `/v1/tenants/${tenantId}/disposals/${disposalId}/certificate`;
    return { disposalId, certificate, hash: hash.toString('base64url'), path };
  };
  const acknowledge = (path: string, hash: string, as = 'clerk-1') =>
    world.call('POST', `${path}/acknowledgements`, { as, body: { hash } });
  const listed = async (state: string, tenant = 't-001') => {
    const path = `/v1/tenants/${tenant}/disposal-certificates${state}`;
    const { body } = await world.call('GET', path, { tenant });
    return body['certificates'] as Record<string, unknown>[];
  };
  const codeOf = ({ body }: { body: Record<string, unknown> }) =>
    String(body['type']).replace(/.*:/, '');
  const openTopics = async () => {
    await world.store.jobs.refreshTasks('t-001');
    const { tasks } = (await world.call('GET', 'tasks')).body as {
      tasks: { topic: string; records: number; closedOn: string | null }[];
    };
    return Object.fromEntries(
      tasks.filter(({ closedOn }) => closedOn === null).map((one) => [one.topic, one.records]),
    );
  };

  it('are numbered at each tenant from 1 without a gap, however many come at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => certified('t-003')));
    await certified('t-004');
    const numbers = async (tenant: string) =>
      (await listed('', tenant)).map(({ tenantNumber }) => tenantNumber);

    expect(await numbers('t-003')).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await numbers('t-004')).toEqual([1]);
  });

  it('are listed page by page, each once, however many there are', async () => {
    const all = Array.from({ length: 501 }, (_, at) => 501 - at);
    for (const _ of all) await certified('t-005');
    const path = '/v1/tenants/t-005/disposal-certificates';
    const page = async (query: string) =>
      (await world.call('GET', path + query, { tenant: 't-005' })).body;
    const first = await page('?state=undelivered');
    const rest = await page(`?state=undelivered&before=${String(first['next'])}`);
    const seen = [first, rest].flatMap(
      ({ certificates }) => certificates as { tenantNumber: number }[],
    );
    expect(seen.map(({ tenantNumber }) => tenantNumber)).toEqual(all);
    expect(rest).not.toHaveProperty('next');
    for (const before of ['0', '-1', 'x', '1e3', '9999999999999999'])
      expect(codeOf({ body: await page(`?before=${before}`) })).toBe('invalid-request');
  });

  it('count as delivered once somebody fetched them, with who and when', async () => {
    const { disposalId, certificate, path } = await certified();
    expect(await listed('?state=undelivered')).toMatchObject([{ disposalId, deliveries: [] }]);

    expect((await world.call('GET', path)).text).toBe(certificate);
    await world.call('GET', path);
    await world.call('GET', path, { as: 'clerk-2' });

    expect(await listed('?state=undelivered')).toEqual([]);
    expect(await listed('?state=unacknowledged')).toMatchObject([
      { disposalId, deliveries: [{ to: 'clerk-1' }, { to: 'clerk-2' }], acknowledgement: null },
    ]);
  });

  it('are acknowledged once, by somebody who has them and names them by their hash', async () => {
    const { disposalId, hash, path } = await certified();
    expect(codeOf(await acknowledge(path, hash))).toBe('certificate-undelivered');
    await world.call('GET', path);
    await world.call('GET', path, { as: 'clerk-2' });
    const other = createHash('sha256').update('other').digest('base64url');
    expect(codeOf(await acknowledge(path, other))).toBe('batch-mismatch');
    expect(codeOf(await acknowledge(path, hash, 'clerk-3'))).toBe('certificate-undelivered');

    expect((await acknowledge(path, hash)).status).toBe(200);
    expect((await acknowledge(path, hash)).status).toBe(200);
    expect(codeOf(await acknowledge(path, hash, 'clerk-2'))).toBe('decision-made');

    const found = (await listed('')).find((one) => one['disposalId'] === disposalId);
    expect(found).toMatchObject({ acknowledgement: { by: 'clerk-1' } });
    expect(world.acts.at(-1)).toMatchObject({ operation: 'list-disposals' });
  });

  it('of another tenant, or none yet, are not found', async () => {
    const { disposalId, hash } = await certified('t-002');
    const path = `/v1/tenants/t-001/disposals/${disposalId}/certificate`;
    expect((await world.call('GET', path)).status).toBe(404);
    expect((await acknowledge(path, hash)).status).toBe(404);
    expect((await world.call('GET', path.replace(disposalId, randomUUID()))).status).toBe(404);
  });

  it('become a task when nobody fetched or acknowledged them for fourteen days', async () => {
    const before = await openTopics();
    expect(before).not.toHaveProperty('certificate-undelivered');
    await certified();
    world.clock.today = legalDayOf(Date.now() + 15 * DAY_MS);

    expect(await openTopics()).toMatchObject({
      'certificate-undelivered': 1,
      'certificate-unacknowledged': 1,
    });
    for (const { disposalId, hash } of await listed('?state=unacknowledged')) {
      const path = `/v1/tenants/t-001/disposals/${String(disposalId)}/certificate`;
      await world.call('GET', path);
      await acknowledge(path, String(hash));
    }
    expect(await openTopics()).toEqual({});
  });

  it('leave nobody the right to take a delivery or an acknowledgement back', async () => {
    await expectForbidden(world.pool, [
      'delete from certificate_delivery',
      `update certificate_delivery set delivered_to = 'x'`,
      'delete from certificate_acknowledgement',
      `update certificate_acknowledgement set acknowledged_by = 'x'`,
    ]);
  });
});
