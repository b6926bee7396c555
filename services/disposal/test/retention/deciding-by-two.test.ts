import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectForbidden } from '@mnv/testing';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('what the law leaves open', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const propose = (topic: string, value: string, as = 'clerk-1') =>
    world.call('POST', 'decisions', { as, body: { topic, value, reason: '社内規程による' } });
  const confirm = (decisionId: unknown, as: string) =>
    world.call('POST', `decisions/${String(decisionId)}/confirmations`, { as });
  const openTopics = async () => {
    await world.store.jobs.refreshTasks('t-001');
    const { body } = await world.call('GET', 'tasks');
    const tasks = body['tasks'] as { topic: string; records: number; closedOn: string | null }[];
    return Object.fromEntries(
      tasks
        .filter(({ closedOn }) => closedOn === null)
        .map(({ topic, records }) => [topic, records]),
    );
  };
  const leave = async (recordId: string) => {
    await world.tell({ recordId, kind: 'left', on: '2025-03-31' });
    await world.tell({
      recordId,
      kind: 'purpose-ended',
      on: '2026-01-31',
      purpose: 'TAX-WITHHOLD',
    });
  };

  it('the book (帳簿) undecided keeps a number and asks people; two of them answer', async () => {
    const recordId = await world.stored();
    await leave(recordId);
    await world.compute();

    expect((await world.life(recordId)).number['blockedBy']).toEqual(['R-BOOK:book-undecided']);
    expect(await openTopics()).toEqual({ book: 1 });

    const { decisionId } = (await propose('book', 'no')).body;
    expect((await confirm(decisionId, 'clerk-1')).body['type']).toContain('second-person-required');
    expect((await world.life(recordId)).number['deletableFrom']).toBeNull();
    expect((await confirm(decisionId, 'clerk-2')).status).toBe(200);
    await world.compute();

    expect((await world.life(recordId)).number['deletableFrom']).toBe('2026-02-01');
    expect(await openTopics()).toEqual({ overdue: 1 });
  });

  it('a confirmation counts once, and is the first one’s', async () => {
    const { decisionId } = (await propose('policy', 'monthly')).body;
    await confirm(decisionId, 'clerk-2');

    expect((await confirm(decisionId, 'clerk-2')).status).toBe(200);
    expect((await confirm(decisionId, 'clerk-3')).body['type']).toContain('decision-made');
    expect((await confirm(randomUUID(), 'clerk-3')).status).toBe(404);
  });

  it.each([
    ['book', 'perhaps'],
    ['policy', 'fiscal-year-end:13'],
    ['policy', 'never'],
    ['rule/R-NONE', 'follow'],
    ['rule/R-ZAIKEI', 'follow'],
    ['colour', 'blue'],
  ])('refuses the answer to %s: %s', async (topic, value) => {
    expect((await propose(topic, value)).status).toBe(400);
  });

  it('an unsure rule of a document raises a task when it would end, and a decision settles it', async () => {
    const recordId = await world.stored({ purposes: ['SI-HP'] });
    await world.tell({
      recordId,
      kind: 'document-submitted',
      on: '2023-04-05',
      document: 'kenpo',
      reference: '資格取得届 2023',
      completedOn: '2023-04-10',
    });
    await world.compute();
    const blocked = async () => {
      const { documents } = await world.life(recordId);
      return (documents as { blockedBy: string[]; deletableFrom: string | null }[]).map(
        ({ blockedBy, deletableFrom }) => [blockedBy, deletableFrom],
      );
    };

    expect(await blocked()).toEqual([[['R-HP2:needs-check'], null]]);
    expect(await openTopics()).toMatchObject({ 'rule/R-HP2': 1 });

    await world.decide('rule/R-HP2', 'follow');
    await world.compute();

    expect(await blocked()).toEqual([[[], '2025-04-11']]);
    expect(await openTopics()).toMatchObject({ documents: 1 });
    expect(await openTopics()).not.toHaveProperty('rule/R-HP2');

    const destroyed = { kind: 'document-destroyed', on: '2026-11-20', document: 'kenpo' };
    const unknown = await world.tell({ recordId, ...destroyed, reference: '別の届' });
    await world.tell({ recordId, ...destroyed, reference: '資格取得届 2023' });
    await world.compute();

    expect(unknown.body['type']).toContain('event-contradicts');
    expect(await blocked()).toEqual([]);
    expect(await openTopics()).not.toHaveProperty('documents');
  });

  it('the end of the tenant’s contract keeps every number until two people say what becomes of them', async () => {
    const recordId = await world.stored();
    await leave(recordId);
    const ended = await world.tell({ kind: 'tenant-contract-ended', on: '2026-10-31' });
    await world.compute();

    expect(ended.status).toBe(201);
    expect((await world.life(recordId)).number['blockedBy']).toEqual([':contract-ended']);
    expect(Object.keys(await openTopics())).toContain('contract-end');

    await world.decide('contract-end', 'dispose');
    expect((await world.life(recordId)).number['deletableFrom']).toBe('2026-02-01');
  });

  it('a decision of today does not change what was so yesterday', async () => {
    const recordId = await world.stored({ tenantId: 't-002' });
    world.clock.today = '2026-11-26';
    const body = { topic: 'book', value: 'no', reason: '社内規程による' };
    const { decisionId } = (await world.call('POST', 'decisions', { tenant: 't-002', body })).body;
    await world.call('POST', `decisions/${String(decisionId)}/confirmations`, {
      tenant: 't-002',
      as: 'clerk-2',
    });
    const usesBook = async (query: string) =>
      (await world.call('GET', `records/${recordId}${query}`, { tenant: 't-002' })).body[
        'usesBook'
      ];

    expect([await usesBook('?asOf=2026-11-25'), await usesBook('')]).toEqual(['undecided', 'no']);
    world.clock.today = '2026-11-25';
  });

  it('leaves nobody the right to change what was told or decided, or to see another tenant’s', async () => {
    await expectForbidden(world.pool, [
      `update retention_event set content = '{}'`,
      `delete from retention_event`,
      `update tracked_record set purposes = '{}'`,
      `delete from tracked_record`,
      `update retention_decision set value = 'no'`,
      `delete from retention_decision`,
      `delete from legal_hold`,
      `update legal_hold set reason = 'x'`,
      `delete from dry_run_record`,
      `truncate life_pending`,
    ]);
    const { rows } = await world.pool.query(`select 1 from tracked_record`);
    expect(rows).toEqual([]);
  });
});
