import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withTenant } from '@mnv/service-kit';
import { makeIndividualNumber } from '@mnv/testing';
import { recordStep } from '../../src/retention/refusals/record-step.ts';
import { parseStep } from '../../src/retention/refusals/refusal-step.ts';
import { courseStepOf } from '../../src/retention/refusals/refusal.repository.ts';
import { allCourses, ask, filed, individualOf, newRef, refused } from './refusal-steps.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const individual = (individualRef?: string, of?: object) => individualOf(world, individualRef, of);

describe('the course of asking for a number', () => {
  it('is kept step by step, with who told it and when, and what it lacks to be clear', async () => {
    const one = individual();
    await one.tellAll(ask('2026-01-10', { toldDuty: false }));
    expect(await one.courses()).toMatchObject([
      { state: 'asked', lacks: ['duty-not-told', 'second-request', 'answer'], keptUntil: null },
    ]);
    await one.tellAll(refused('2026-01-15'), ask('2026-01-20'), {
      kind: 'unanswered',
      on: '2026-02-01',
    });
    await one.tellAll(filed('2026-02-10'));
    const [course, ...more] = await one.courses();
    expect(more).toEqual([]);
    expect(course).toMatchObject({ state: 'filed-without', lacks: [], subject: 'E' });
    expect(course?.steps.map(({ kind, toldBy, recordedOn }) => [kind, toldBy, recordedOn])).toEqual(
      [
        ['asked', 'clerk-1', '2026-11-25'],
        ['refused', 'clerk-1', '2026-11-25'],
        ['asked', 'clerk-1', '2026-11-25'],
        ['unanswered', 'clerk-1', '2026-11-25'],
        ['filed-without', 'clerk-1', '2026-11-25'],
      ],
    );
  });

  it('shows by its state what was told last, whatever the order of telling', async () => {
    const one = individual();
    await one.tellAll(ask('2026-01-10'), ask('2026-03-01'), refused('2026-01-15'));
    expect(await one.courses()).toMatchObject([{ state: 'asked' }]);
    await one.tellAll({ kind: 'provided', on: '2026-04-01' });
    expect(await one.courses()).toMatchObject([{ state: 'provided', lacks: [] }]);
  });

  it('is over when the number was given, and asking later begins another', async () => {
    const one = individual();
    await one.tellAll(ask('2026-01-10'), { kind: 'provided', on: '2026-02-01' });
    expect(await one.tell(refused('2026-03-01'))).toBe('409 event-contradicts');
    await one.tellAll(ask('2026-01-20'));
    expect(await one.courses()).toHaveLength(1);
    await one.tellAll(ask('2026-03-01'));
    expect((await one.courses()).map(({ state }) => state).toSorted()).toEqual([
      'asked',
      'provided',
    ]);
  });

  it('is of one purpose and one kind of subject', async () => {
    const individualRef = newRef();
    await individual(individualRef).tellAll(ask('2026-01-10'));
    await individual(individualRef, { purpose: 'EI' }).tellAll(ask('2026-01-10'));
    expect(await individual(individualRef).courses()).toHaveLength(2);
  });

  it('keeps a step that was withdrawn in sight, and counts it no more', async () => {
    const one = individual();
    await one.tellAll(ask('2026-01-10'));
    expect(await one.tell({ kind: 'ended', on: '2026-02-01', reason: '退職' }, 'end-1')).toBe(
      '201 recorded',
    );
    const withdrawal = { kind: 'withdrawn', on: '2026-02-02', step: 'end-1', reason: '誤り' };
    await one.tellAll(withdrawal);
    expect(await one.tell(withdrawal)).toBe('409 event-contradicts');
    const [course] = await one.courses();
    expect(course?.state).toBe('asked');
    expect(course?.steps.map(({ kind, stands }) => [kind, stands])).toEqual([
      ['asked', true],
      ['ended', false],
      ['withdrawn', false],
    ]);
    const nothing = { ...withdrawal, step: 'no-such-step' };
    expect(await one.tell(nothing)).toBe('404 event-unknown');
  });
});

describe('a second request that is due', () => {
  it('is a task two weeks after the last step, until it is made or the course is over', async () => {
    const elsewhere = { as: 'clerk-1', tenant: 't-009' };
    const task = async () => {
      await world.store.jobs.refreshTasks('t-009');
      const { body } = await world.call('GET', 'tasks', elsewhere);
      return (body['tasks'] as { topic: string; records: number; closedOn: string | null }[])
        .filter(({ topic, closedOn }) => topic === 'refusal/ask-again' && closedOn === null)
        .map(({ records }) => records);
    };
    const [one, other] = [individual(), individual()];
    const tell = (of: typeof one, step: object, id?: string) => of.tell(step, id, elsewhere);
    await tell(one, ask('2026-11-01'), 'first');
    await tell(one, refused('2026-11-11'));
    expect(await task()).toEqual([]);
    await tell(other, ask('2026-10-01'));
    expect(await task()).toEqual([1]);
    await tell(other, { kind: 'provided', on: '2026-11-20' }, 'given');
    expect(await task()).toEqual([]);
    await tell(other, { kind: 'withdrawn', on: '2026-11-20', step: 'given', reason: '誤り' });
    expect(await task()).toEqual([1]);
    await tell(other, ask('2026-11-21'));
    expect(await task()).toEqual([]);
  });
});

describe('a step whose transaction fails', () => {
  it('leaves no course without a step', async () => {
    const one = individual();
    const key = { individualRef: newRef(), subject: 'E', purpose: 'TAX-DECL-DEP' } as const;
    const told = parseStep({ id: randomUUID(), ...key, ...ask('2026-01-10') }, '2026-11-25');
    await one.tell(ask('2026-01-10')); // makes the tenant known
    const recording = withTenant(world.db, 't-001', (trx) => {
      const place = { tenantId: 't-001', toldBy: 'issuer clerk-1', today: '2026-11-25' };
      const steps = courseStepOf(trx, place);
      return recordStep({ ...steps, insertStep: () => Promise.reject(new Error('cut off')) }, told);
    });
    await expect(recording).rejects.toThrow('cut off');
    expect(await individual(key.individualRef).courses()).toEqual([]);
  });
});

describe('a step that is told again', () => {
  it('with the same contents is known; with others, or of somebody else, it is refused', async () => {
    const one = individual();
    const id = randomUUID();
    expect(await one.tell(ask('2026-01-10'), id)).toBe('201 recorded');
    expect(await one.tell(ask('2026-01-10'), id)).toBe('200 known');
    expect(await one.tell(ask('2026-01-11'), id)).toBe('409 event-differs');
    expect(await individual().tell(ask('2026-01-10'), id)).toBe('409 event-differs');
  });

  it('50 times at once is recorded once, and opens one course', async () => {
    const one = individual();
    const id = randomUUID();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => one.tell(ask('2026-01-10'), id)),
    );
    expect(outcomes.filter((outcome) => outcome === '201 recorded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === '200 known')).toHaveLength(49);
    expect(await one.courses()).toMatchObject([{ steps: [{ id }] }]);
  });
});

describe('a step that cannot be', () => {
  it.each([
    ['a day to come', ask('2026-11-26'), '422 event-impossible'],
    ['a day that does not exist', ask('2026-02-30'), '400 invalid-request'],
    ['another way of asking', ask('2026-01-10', { channel: 'pigeon' }), '400 invalid-request'],
    ['a refusal without its reason', { kind: 'refused', on: '2026-01-10' }, '400 invalid-request'],
    [
      'a form that bears no number',
      filed('2026-01-10', { document: 'chingin_daicho' }),
      '400 invalid-request',
    ],
    ['another member', ask('2026-01-10', { individualNumber: 'x' }), '400 invalid-request'],
    ['a refusal before anybody was asked', refused('2026-01-10'), '409 event-contradicts'],
    [
      'a purpose outside the list',
      { ...ask('2026-01-10'), purpose: 'SALES' },
      '403 purpose-unknown',
    ],
    [
      'a purpose of other people',
      { ...ask('2026-01-10'), purpose: 'PAY-309' },
      '403 purpose-not-permitted',
    ],
  ])('is refused: %s', async (_why, step, outcome) => {
    expect(await individual().tell(step)).toBe(outcome);
  });

  it('is refused with a number in any of its texts, and repeats nothing of it', async () => {
    const number = makeIndividualNumber();
    const spaced = number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
    const steps = [
      { ...ask('2026-01-10'), individualRef: number },
      ask('2026-01-10', { by: number }),
      ask('2026-01-10', { by: spaced }),
      { ...refused('2026-01-10'), reason: `番号は${number}` },
      { ...refused('2026-01-10'), reason: `番号は ${spaced} とのこと` },
      filed('2026-01-10', { reference: number }),
    ];
    for (const step of steps) expect(await individual().tell(step)).toBe('400 invalid-request');
    expect(await individual().tell(ask('2026-01-10'), `id-${number}`)).toBe('400 invalid-request');
  });

  it('is refused without a right to record, and of another tenant', async () => {
    const scope = 'record:read report:read';
    expect(await individual().tell(ask('2026-01-10'), randomUUID(), { scope })).toBe(
      '403 scope-missing',
    );
    const one = individual();
    await one.tellAll(ask('2026-01-10'));
    expect(await allCourses(world, 't-002')).toEqual([]);
  });
});

describe('the register of refusals', () => {
  it('comes in pages, each once', async () => {
    for (let at = 0; at < 201; at += 1) await individual().tell(ask('2026-01-10'));
    const all = await allCourses(world);
    expect(all.length).toBeGreaterThan(200);
    expect(new Set(all.map(({ courseId }) => courseId)).size).toBe(all.length);
    expect((await world.call('GET', 'refusals?cursor=x')).status).toBe(400);
  });

  it('stands in the access log: each step and each look', () => {
    const operations = world.acts.map(({ operation }) => operation);
    expect(operations).toEqual(expect.arrayContaining(['record-refusal', 'view-refusals']));
  });
});
