import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
  await world.decide('book', 'no');
});
afterAll(() => world.close());

const PURPOSES = { D: ['TAX-WITHHOLD'], S3: ['SI-NP3'] };

/** An employee at work with a dependant child and a category-3 insured spouse. */
async function family() {
  const individualRef = `ref-${randomUUID().slice(0, 8)}`;
  const owner = await world.stored({ individualRef, purposes: ['TAX-WITHHOLD'] });
  const child = await dependantOf(individualRef, 'D');
  const spouse = await dependantOf(individualRef, 'S3');
  await world.tell({ recordId: owner, kind: 'hired', on: '2020-04-01' });
  return { individualRef, owner, child, spouse };
}

const dependantOf = (relatedRef: string, subject: 'D' | 'S3') =>
  world.stored({ subject, relatedRef, purposes: PURPOSES[subject] });
const ends = (recordId: string, purpose: string, on: string) =>
  world.tell({ recordId, kind: 'purpose-ended', purpose, on });
/** The employee leaves, the slip is filed, and the spouse's procedure is over. */
async function leave({ owner, spouse }: { owner: string; spouse: string }): Promise<void> {
  await world.tell({ recordId: owner, kind: 'left', on: '2026-03-31' });
  await ends(owner, 'TAX-WITHHOLD', '2026-04-30');
  await ends(spouse, 'SI-NP3', '2026-04-10');
}
const dueFrom = async (recordId: string) => (await world.life(recordId)).number['deletableFrom'];
const tasks = async () => {
  await world.store.jobs.refreshTasks('t-001');
  const { body } = await world.call('GET', 'tasks');
  return (body['tasks'] as { topic: string; records: number; closedOn: string | null }[])
    .filter(({ closedOn }) => closedOn === null)
    .map(({ topic, records }) => `${topic} ${records}`);
};
const dueList = async () => {
  await world.compute();
  const { body } = await world.call('GET', 'due');
  return (body['due'] as { recordId: string }[]).map(({ recordId }) => recordId);
};

describe('dependants of an employee who leaves', () => {
  it('become due with the employee, and stand beside each other on the list', async () => {
    const { owner, child, spouse } = await family();
    expect([await dueFrom(child), await dueFrom(spouse)]).toEqual([null, null]);
    await leave({ owner, spouse });
    expect(await dueFrom(owner)).toBe('2026-05-01');
    expect(await dueFrom(child)).toBe('2026-05-01');
    expect(await dueFrom(spouse)).toBe('2026-04-11');
    expect(await dueList()).toEqual(expect.arrayContaining([owner, child, spouse]));
  });

  it('stay due when the employee’s own record was disposed of first', async () => {
    const { owner, child, spouse } = await family();
    await leave({ owner, spouse });
    await world.became('erased', owner);
    expect([await dueFrom(child), await dueFrom(spouse)]).toEqual(['2026-05-01', '2026-04-11']);
    expect(await dueList()).toEqual(expect.arrayContaining([child, spouse]));
  });

  it('become due when they are stored only after the employee has left', async () => {
    const { individualRef, owner, spouse } = await family();
    await leave({ owner, spouse });
    expect(await dueFrom(await dependantOf(individualRef, 'D'))).toBe('2026-05-01');
  });

  it('become due when what ended the employment is told only after the employee’s record is gone', async () => {
    const { individualRef, owner, child } = await family();
    await world.became('erased', owner);
    const told = await world.tell({ individualRef, subject: 'E', kind: 'left', on: '2026-03-31' });
    expect(told.status).toBe(410);
    await world.compute();
    expect(await tasks()).toContain('orphan 2');
    await world.tell({ recordId: child, kind: 'dependant-ended', on: '2026-03-31' });
    await ends(child, 'TAX-WITHHOLD', '2026-04-30');
    expect(await dueFrom(child)).toBe('2026-05-01');
  });
});

describe('dependants of an employee who comes back', () => {
  it('live on with the record of today, when the one of before was disposed of', async () => {
    const { individualRef, owner, child, spouse } = await family();
    await leave({ owner, spouse });
    await world.became('erased', owner);
    const again = await world.stored({ individualRef, purposes: ['TAX-WITHHOLD'] });
    expect(await dueFrom(child)).toBeNull();
    await world.tell({ recordId: again, kind: 'left', on: '2026-10-31' });
    await ends(again, 'TAX-WITHHOLD', '2026-10-31');
    expect(await dueFrom(child)).toBe('2026-11-01');
  });
});

describe('a dependant who changes', () => {
  it('and is attached to another employee has a record of its own there: each goes with its own', async () => {
    const [one, other] = [await family(), await family()];
    await world.tell({ recordId: one.child, kind: 'dependant-ended', on: '2026-02-28' });
    await ends(one.child, 'TAX-WITHHOLD', '2026-02-28');
    const moved = await dependantOf(other.individualRef, 'D');
    expect([await dueFrom(one.child), await dueFrom(moved)]).toEqual(['2026-03-01', null]);
    await leave(other);
    expect(await dueFrom(moved)).toBe('2026-05-01');
  });

  it('and becomes a dependant again lives on until the employee leaves', async () => {
    const { owner, child, spouse } = await family();
    await world.tell({ recordId: child, kind: 'dependant-ended', on: '2025-06-30' });
    await world.tell({ recordId: child, kind: 'dependant-began', on: '2026-01-01' });
    expect(await dueFrom(child)).toBeNull();
    await leave({ owner, spouse });
    expect(await dueFrom(child)).toBe('2026-05-01');
  });

  it('and was due before the employee left does not wait for that', async () => {
    const { child } = await family();
    await world.tell({ recordId: child, kind: 'died', on: '2026-02-01' });
    await ends(child, 'TAX-WITHHOLD', '2026-02-28');
    expect(await dueFrom(child)).toBe('2026-03-01');
  });
});
