import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('telling what happened to a person', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.decide('book', 'yes');
  });
  afterAll(() => world.close());

  const tellAll = async (events: object[]) => {
    const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const { text } = await world.call('POST', 'events', { body });
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; outcome?: string; problem?: object });
  };
  const career = (recordId: string) => [
    { id: randomUUID(), recordId, kind: 'hired', on: '2020-04-01' },
    {
      id: randomUUID(),
      recordId,
      kind: 'number-omitted',
      on: '2026-01-20',
      deadline: '2026-01-23',
    },
    { id: randomUUID(), recordId, kind: 'left', on: '2026-03-31' },
    {
      id: randomUUID(),
      recordId,
      kind: 'purpose-ended',
      on: '2026-10-31',
      purpose: 'TAX-WITHHOLD',
    },
  ];

  it('ends the life of a number by the book, seven years after 10 January following (国税庁FAQ Q1-3-7)', async () => {
    const recordId = await world.stored();
    const outcomes = await tellAll(career(recordId));
    await world.compute();
    const life = await world.life(recordId);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(4).fill('recorded'));
    expect(life.number).toMatchObject({
      keepThrough: '2034-01-10',
      deletableFrom: '2034-01-11',
      blockedBy: [],
    });
    expect(life.number['grounds']).toContainEqual({
      kind: 'rule',
      rule: 'R-BOOK',
      event: '2026-01-23',
      until: '2034-01-10',
      citation: '国税庁FAQ Q1-3-7 (2016-09-09)',
      confidence: 'confirmed-secondary',
    });
  });

  it('gives the same life in whatever order it is told', async () => {
    const [one, other] = [await world.stored(), await world.stored()];
    await tellAll(career(one));
    for (const event of career(other).toReversed()) await world.tell(event);

    expect((await world.life(other)).number).toEqual((await world.life(one)).number);
  });

  it('counts an event once, however often and however many at once it is told', async () => {
    const recordId = await world.stored();
    const event = { id: randomUUID(), recordId, kind: 'hired', on: '2020-04-01' };
    const tellUntilAnswered = async (): Promise<number> => {
      const { status } = await world.call('POST', 'events', { body: event });
      return status === 503 ? tellUntilAnswered() : status;
    };
    const statuses = await Promise.all(Array.from({ length: 50 }, tellUntilAnswered));

    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(statuses)).toEqual(new Set([200, 201]));
  });

  it('refuses an event id that says something else', async () => {
    const recordId = await world.stored();
    const event = { id: randomUUID(), recordId, kind: 'hired', on: '2020-04-01' };
    await world.tell(event);
    const answer = await world.tell({ ...event, on: '2020-05-01' });

    expect([answer.status, answer.body['type']]).toEqual([
      409,
      'urn:mynumber-vault:problem:event-differs',
    ]);
  });

  it('is corrected, and can still say what was known before', async () => {
    const recordId = await world.stored();
    const events = career(recordId);
    world.clock.today = '2026-11-01';
    await tellAll(events);
    world.clock.today = '2026-11-25';
    const fixed = await world.tell({
      kind: 'corrected',
      corrects: events[1]?.id,
      instead: { kind: 'number-omitted', on: '2025-01-20', deadline: '2025-01-23' },
    });

    expect(fixed.status).toBe(201);
    expect((await world.life(recordId)).number['keepThrough']).toBe('2033-01-10');
    expect((await world.life(recordId, '?asOf=2026-11-24')).number['keepThrough']).toBe(
      '2034-01-10',
    );
  });

  it('takes a wrong event back', async () => {
    const recordId = await world.stored();
    const events = career(recordId);
    await tellAll(events);
    await world.tell({ kind: 'corrected', corrects: events[2]?.id, instead: null });

    expect((await world.life(recordId)).number['blockedBy']).toEqual([':relation-alive']);
  });

  it('finds the person by the tenant’s own key', async () => {
    const individualRef = `社員-${randomUUID().slice(0, 8)}`;
    const recordId = await world.stored({ individualRef });
    const answer = await world.tell({
      individualRef,
      subject: 'E',
      kind: 'hired',
      on: '2020-04-01',
    });

    expect(answer.status).toBe(201);
    expect(JSON.stringify((await world.life(recordId)).number['grounds'])).toContain('relation');
    expect(
      (await world.tell({ individualRef, subject: 'D', kind: 'died', on: '2020-04-01' })).status,
    ).toBe(404);
  });

  it('refuses records that are unknown, another tenant’s or disposed of', async () => {
    const foreign = await world.stored({ tenantId: 't-002' });
    const erased = await world.stored();
    await world.became('erased', erased);
    const outcomeOf = async (recordId: string) =>
      (await world.tell({ recordId, kind: 'hired', on: '2020-04-01' })).body['type'];

    expect(await outcomeOf(randomUUID())).toContain('record-not-found');
    expect(await outcomeOf(foreign)).toContain('record-not-found');
    expect(await outcomeOf(erased)).toContain('already-disposed');
  });

  it('takes good lines of many and refuses bad ones by themselves', async () => {
    const recordId = await world.stored();
    const outcomes = await tellAll([
      { id: randomUUID(), recordId, kind: 'hired', on: '2020-04-01' },
      { id: randomUUID(), recordId, kind: 'hired', on: 'soon' },
      { id: randomUUID(), recordId: randomUUID(), kind: 'hired', on: '2020-04-01' },
      { id: randomUUID(), recordId, kind: 'left', on: '2026-03-31' },
    ]);

    expect(outcomes.map(({ outcome, problem }) => outcome ?? typeof problem)).toEqual([
      'recorded',
      'object',
      'object',
      'recorded',
    ]);
  });

  it('needs a right to do so, and is written down', async () => {
    const recordId = await world.stored();
    const body = { id: randomUUID(), recordId, kind: 'hired', on: '2020-04-01' };
    const refused = await world.call('POST', 'events', { body, scope: 'report:read' });
    const before = world.acts.length;
    await world.call('POST', 'events', { body });

    expect(refused.status).toBe(403);
    expect(world.acts.slice(before)).toMatchObject([
      { operation: 'record-retention-events', tenantId: 't-001', count: 1 },
    ]);
  });
});
