import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('a legal hold (法的保全)', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'no');
  });
  afterAll(() => world.close());

  const asSent = (body: object) => ({
    reason: '税務調査',
    owner: '法務部',
    reviewOn: '2027-03-31',
    ...body,
  });
  const hold = (body: object, scope = 'hold:write') => {
    const sent = asSent(body);
    return world.changeHold('holds', sent, { signs: { place: sent }, scope });
  };
  const leaver = async (individualRef: string) => {
    const recordId = await world.stored({ individualRef, purposes: ['TAX-WITHHOLD'] });
    await world.tell({ recordId, kind: 'left', on: '2026-03-31' });
    await world.tell({
      recordId,
      kind: 'purpose-ended',
      on: '2026-03-31',
      purpose: 'TAX-WITHHOLD',
    });
    return recordId;
  };
  const listed = async () => {
    await world.compute();
    const { body } = await world.call('POST', 'dry-runs', { body: { kind: 'due' } });
    return body as unknown as { dryRunId: string; summary: { records: number; held: number } };
  };

  it('of an individual wins over everything, dependants included, until it is lifted', async () => {
    await leaver('owner-1');
    const child = await world.stored({
      subject: 'D',
      relatedRef: 'owner-1',
      purposes: ['TAX-WITHHOLD'],
    });
    const before = await listed();
    const { status, body } = await hold({ scope: 'individual', individuals: ['owner-1'] });
    const during = await listed();

    expect([status, body['covered']]).toEqual([201, 2]);
    expect(before.summary).toMatchObject({ records: 2, held: 0 });
    expect(during.summary).toMatchObject({ records: 0, held: 2 });
    expect((await world.life(child)).held).toBe(true);
    const stale = await world.call('GET', `dry-runs/${before.dryRunId}/parts/1`);
    expect(stale.body['type']).toContain('problem:held');

    const holdId = String(body['holdId']);
    const reason = '調査終了';
    const signs = { lift: { holdId, reason } };
    const lift = await world.changeHold(`holds/${holdId}/lifts`, { reason }, { signs });
    expect(lift.status).toBe(200);
    expect((await listed()).summary).toMatchObject({ records: 2, held: 0 });
  });

  it('of a tenant holds all, and of a case those it names', async () => {
    await leaver('owner-2');
    const ofCase = await hold({
      scope: 'case',
      caseId: 'LITIGATION-2026-1',
      individuals: ['owner-2'],
    });
    expect([ofCase.status, (await listed()).summary.held]).toEqual([201, 1]);
    const ofTenant = await hold({ scope: 'tenant' });
    expect([ofTenant.status, (await listed()).summary.records]).toEqual([201, 0]);
    const { body } = await world.call('GET', 'holds');
    expect(body['holds']).toMatchObject([
      { scope: 'tenant', owner: '法務部', placedBy: 'clerk-1' },
      { scope: 'case', caseId: 'LITIGATION-2026-1' },
      { scope: 'individual', liftReason: '調査終了' },
    ]);
  });

  it('is refused once it is too late, and names frozen records while it is not', async () => {
    const [gone, frozen] = [await leaver('owner-3'), await leaver('owner-4')];
    await world.became('erased', gone);
    await world.became('frozen', frozen);

    const late = await hold({ scope: 'individual', individuals: ['owner-3'] });
    expect([late.status, late.body['type']]).toEqual([409, 'urn:mynumber-vault:problem:too-late']);
    const placed = await hold({ scope: 'individual', individuals: ['owner-3', 'owner-4'] });
    expect(placed.body).toMatchObject({ covered: 1, frozen: [frozen], erased: 1 });
  });

  it('is told to the vault at once, so that copies of identity documents are kept, and again later', async () => {
    const { bodies } = world.vaultHears;
    await leaver('owner-5');
    const placed = await hold({ scope: 'individual', individuals: ['owner-5'] });
    const holdId = String(placed.body['holdId']);
    const living = expect.arrayContaining([{ holdId, individuals: ['owner-5'] }]);
    expect(placed.body['copiesKept']).toBe(true);
    expect(bodies).toContainEqual(expect.objectContaining({ tenantId: 't-001', living }));

    bodies.length = 0;
    await world.tellVaultOfAll();
    expect(bodies).toContainEqual(expect.objectContaining({ tenantId: 't-001', living }));
    expect(bodies.at(-1)).toEqual({ complete: true });

    bodies.length = 0;
    const reason = '調査終了';
    const signs = { lift: { holdId, reason } };
    await world.changeHold(`holds/${holdId}/lifts`, { reason }, { signs });
    expect(bodies).toContainEqual(
      expect.objectContaining({ lifted: expect.arrayContaining([holdId]) }),
    );
    expect(JSON.stringify(bodies)).not.toContain('owner-5');
  });

  it('stands while the vault cannot be told, says so, and never that all was told', async () => {
    const { vaultHears } = world;
    await leaver('owner-6');
    vaultHears.status = 503;
    vaultHears.bodies.length = 0;
    const placed = await hold({ scope: 'individual', individuals: ['owner-6'] });
    expect([placed.status, placed.body['copiesKept']]).toEqual([201, false]);
    await expect(world.tellVaultOfAll()).rejects.toThrow('did not take');
    vaultHears.status = 200;
    await world.tellVaultOfAll();
    expect(JSON.stringify(vaultHears.bodies)).toContain('owner-6');
    const { holdId } = placed.body;
    const signs = { lift: { holdId: String(holdId), reason: '調査終了' } };
    const body = { reason: '調査終了' };
    const lift = await world.changeHold(`holds/${String(holdId)}/lifts`, body, { signs });
    expect(lift.status).toBe(200);
  });

  it('asks for its review when the day has come', async () => {
    world.clock.today = '2027-03-31';
    await world.store.jobs.refreshTasks('t-001');
    const { body } = await world.call('GET', 'tasks');
    expect(body['tasks']).toContainEqual(
      expect.objectContaining({ topic: 'hold-review', records: 3, closedOn: null }),
    );
    world.clock.today = '2026-11-25';
  });

  it.each([
    [{ scope: 'individual', individuals: ['nobody'] }, 404],
    [{ scope: 'individual', individuals: [] }, 400],
    [{ scope: 'case', individuals: ['owner-2'] }, 400],
    [{ scope: 'tenant', reviewOn: '2026-11-25' }, 400],
    [{ scope: 'tenant', reviewOn: '2028-11-26' }, 400],
    [{ scope: 'tenant', reason: '' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await hold(body)).status).toBe(status);
  });

  it('is placed and lifted only by who signed for exactly that, and each try is written down', async () => {
    const sent = asSent({ scope: 'tenant' });
    const own = { signs: { place: sent } };
    const now = Math.floor(Date.now() / 1000);
    const wrong: Parameters<World['changeHold']>[2][] = [
      { signs: { place: { ...sent, reason: '別件' } } },
      { signs: { lift: { holdId: 'x', reason: '税務調査' } } },
      { ...own, count: 2 },
      { ...own, operation: 'report-hold' },
      { ...own, tenant: 't-002' },
      { ...own, purpose: 'TAX-WITHHOLD' },
      { ...own, caseId: 'ANOTHER' },
      { ...own, iat: now - 120 },
    ];
    const before = await world.call('GET', 'holds');
    world.refusals.length = 0;
    const written = world.acts.filter(({ operation }) => operation === 'change-hold').length;
    expect((await world.call('POST', 'holds', { body: sent })).status).toBe(401);
    for (const signing of wrong)
      expect((await world.changeHold('holds', sent, signing)).status).toBe(401);
    expect(world.refusals).toEqual(
      Array.from({ length: 9 }, () => 'change-hold request-signature-invalid'),
    );
    expect(world.acts.filter(({ operation }) => operation === 'change-hold')).toHaveLength(written);
    expect((await world.call('GET', 'holds')).body).toEqual(before.body);
  });

  it('needs its own right', async () => {
    expect((await hold({ scope: 'tenant' }, 'disposal:request')).status).toBe(403);
  });
});
