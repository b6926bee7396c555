import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, filed, individualOf, newRef, refused } from './refusal-steps.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const individual = (individualRef?: string, of?: object) => individualOf(world, individualRef, of);

describe('how long a course is kept', () => {
  const forget = async (today: string) => {
    world.clock.today = today;
    const forgotten = await world.store.refusals.forgetCourses('t-001');
    world.clock.today = '2026-11-25';
    return forgotten;
  };
  const keptUntil = async (one: ReturnType<typeof individual>) =>
    (await one.courses()).map((course) => course.keptUntil);

  it('is as long as the last form filed without the number (所得税法施行規則76条の3)', async () => {
    const one = individual();
    await one.tellAll(ask('2024-01-10'), refused('2024-01-11'), filed('2024-01-20'));
    expect(await keptUntil(one)).toEqual(['2032-01-11']);
    await one.tellAll(filed('2025-01-20'), { kind: 'ended', on: '2026-03-31', reason: '退職' });
    expect(await keptUntil(one)).toEqual(['2033-01-11']);
  });

  it('is as long as the copy of a form that left the house may be kept, once two persons follow that rule', async () => {
    const one = individual(newRef(), { purpose: 'TAX-WITHHOLD' });
    await one.tellAll(ask('2026-01-10'), filed('2026-01-31', { document: 'gensen' }));
    expect(await keptUntil(one)).toEqual([null]);
    await world.decide('rule/R-COPY7', 'follow');
    expect(await keptUntil(one)).toEqual(['2033-01-31']);
  });

  it('ends with the course where no form was filed without the number', async () => {
    const one = individual();
    await one.tellAll(ask('2026-01-10'), refused('2026-01-11'));
    expect(await keptUntil(one)).toEqual([null]);
    await one.tellAll({ kind: 'provided', on: '2026-03-31' });
    expect(await keptUntil(one)).toEqual(['2026-04-01']);
  });

  it('is open while the law is not sure, until two persons decide', async () => {
    const one = individual(newRef(), { purpose: 'SI-HP' });
    await one.tellAll(
      ask('2026-01-10'),
      filed('2026-01-31', { document: 'kenpo', completedOn: '2026-02-10' }),
    );
    expect(await keptUntil(one)).toEqual([null]);
    await world.decide('rule/R-HP2', 'follow');
    expect(await keptUntil(one)).toEqual(['2028-02-11']);
  });

  it('is over on that day and not before, and takes every trace with it, but for a legal hold', async () => {
    const [over, open, held] = [individual(), individual(), individual()];
    for (const one of [over, held]) await one.tellAll(ask('2024-01-10'), filed('2024-01-20'));
    await open.tellAll(ask('2024-01-10'));
    const [kept] = await held.courses();
    const hold = {
      scope: 'tenant' as const,
      reason: '訴訟',
      owner: '法務部',
      reviewOn: '2027-01-31',
    };
    await forget('2032-01-10');
    expect(await over.courses()).toHaveLength(1);
    const placed = await world.changeHold('holds', hold, { signs: { place: hold } });
    const holdId = String(placed.body['holdId']);
    expect(await forget('2032-01-11')).toBe(0);
    const reason = '終結';
    await world.changeHold(
      `holds/${holdId}/lifts`,
      { reason },
      { signs: { lift: { holdId, reason } } },
    );
    expect(await forget('2032-01-11')).toBeGreaterThanOrEqual(2);
    expect([await over.courses(), await held.courses()]).toEqual([[], []]);
    expect(await open.courses()).toHaveLength(1);
    const pool = world.database.pool('postgres', { max: 1 });
    const { rows } = await pool.query('select 1 from disposal.refusal_step where course_id = $1', [
      kept?.courseId,
    ]);
    await pool.end();
    expect(rows).toEqual([]);
  });
});
