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

const newRef = () => `ref-${randomUUID().slice(0, 8)}`;

/** The vault tells that a number changed: the successor is stored, and the record before is superseded. */
async function changed(
  recordId: string,
  individual: { individualRef: string; subject?: 'E' | 'D'; relatedRef?: string },
  {
    reason = 'changed',
    from = '2026-06-01',
  }: { reason?: 'changed' | 'corrected'; from?: string } = {},
): Promise<string> {
  const by = await world.stored(individual);
  world.feed.push({
    kind: 'number-changed',
    tenantId: 't-001',
    recordId,
    at: '2026-11-20T00:00:00Z',
    superseded: { by, reason, from },
  });
  await world.follow();
  return by;
}

const left = { kind: 'left', on: '2026-03-31' };
const filed = (on: string, reference: string) => ({
  kind: 'document-submitted',
  document: 'taishoku',
  on,
  deadline: on,
  reference,
});
const dueFrom = async (recordId: string) => (await world.life(recordId)).number['deletableFrom'];
const isListed = async (recordId: string) => {
  await world.compute();
  const { body } = await world.call('GET', 'due');
  return (body['due'] as { recordId: string }[]).some((one) => one.recordId === recordId);
};

describe('a record whose number changed', () => {
  it('is due at once where no form needs it, and its successor lives on with the person', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, kind: 'hired', on: '2020-04-01' });
    const by = await changed(old, { individualRef });

    expect(await world.life(old)).toMatchObject({
      superseded: { by, reason: 'changed', from: '2026-06-01' },
      number: { deletableFrom: '2026-06-01' },
    });
    expect(await world.life(by)).toMatchObject({
      number: { deletableFrom: null, blockedBy: [':relation-alive', ':purpose-alive'] },
    });
    expect([await isListed(old), await isListed(by)]).toEqual([true, false]);
  });

  it('was in use as far as a day before knew', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await changed(old, { individualRef });
    const then = await world.life(old, '?asOf=2026-11-19');
    expect(then['superseded']).toBeUndefined();
    expect(then.number['blockedBy']).toContain(':relation-alive');
  });

  it('stays for a form filed with it, told before the change or after, of either record or of the person', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, ...filed('2020-01-20', 'a') });
    const by = await changed(old, { individualRef });
    expect(await dueFrom(old)).toBe('2028-01-11');
    await world.tell({ recordId: by, ...filed('2022-01-20', 'b') });
    expect(await dueFrom(old)).toBe('2030-01-11');
    await world.tell({ individualRef, subject: 'E', ...filed('2024-01-20', 'c') });
    expect(await dueFrom(old)).toBe('2032-01-11');
    await world.tell({ individualRef, subject: 'E', ...filed('2026-07-01', 'd') });
    expect(await dueFrom(old)).toBe('2032-01-11');
    const shown = await world.life(by);
    expect(shown['documents']).toMatchObject([{ reference: 'd' }]);
  });

  it('hands on what was told of the person, whichever record it is told of', async () => {
    const individualRef = newRef();
    const first = await world.stored({ individualRef });
    await world.tell({ recordId: first, kind: 'hired', on: '2020-04-01' });
    const second = await changed(first, { individualRef }, { from: '2026-05-01' });
    const third = await changed(second, { individualRef });
    await world.tell({ recordId: first, ...left });
    await world.tell({
      recordId: second,
      kind: 'purpose-ended',
      purpose: 'TAX-WITHHOLD',
      on: '2026-04-30',
    });
    expect(await dueFrom(third)).toBe('2026-05-01');
    const again = await world.tell({ recordId: third, kind: 'hired', on: '2021-04-01' });
    expect(again.status).toBe(409);
  });

  it('takes no dependant with it: they go with the person', async () => {
    const individualRef = newRef();
    const dependant = await world.stored({ subject: 'D', relatedRef: individualRef });
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, kind: 'hired', on: '2020-04-01' });
    const by = await changed(old, { individualRef });
    expect(await dueFrom(dependant)).toBeNull();
    expect(await isListed(old)).toBe(true);
    const dryRun = await world.call('POST', 'dry-runs', { body: { kind: 'due' } });
    expect(dryRun.body).toMatchObject({ summary: { leftBehind: 0 } });
    await world.tell({ recordId: by, ...left });
    await world.tell({
      recordId: by,
      kind: 'purpose-ended',
      purpose: 'TAX-WITHHOLD',
      on: '2026-04-30',
    });
    for (const one of [by, dependant]) expect(await dueFrom(one)).toBe('2026-05-01');
  });

  it('may be erased, and its successor is told of and lives as before', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, kind: 'hired', on: '2020-04-01' });
    const by = await changed(old, { individualRef });
    await world.became('erased', old);
    const told = await world.tell({ individualRef, subject: 'E', ...left });
    expect(told.status).toBe(201);
    expect((await world.life(by)).number['blockedBy']).toEqual([':purpose-alive']);
  });

  it('hands nothing to a record that is stored anew once its successor is gone', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, ...filed('2024-01-20', 'a') });
    const by = await changed(old, { individualRef });
    await world.tell({ recordId: by, ...left });
    await world.became('erased', by);
    const anew = await world.stored({ individualRef });
    expect((await world.life(anew)).number['blockedBy']).toContain(':relation-alive');
    expect(await dueFrom(old)).toBe('2032-01-11');
    const gone = { kind: 'document-destroyed', document: 'taishoku', reference: 'a' };
    expect((await world.tell({ recordId: old, ...gone, on: '2026-11-01' })).status).toBe(201);
    expect(await dueFrom(old)).toBe('2026-06-01');
  });
});

describe('a record whose number was mistyped', () => {
  it('is due at once, whatever was filed; the papers stay with its successor', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    await world.tell({ recordId: old, ...filed('2024-01-20', 'a') });
    const by = await changed(old, { individualRef }, { reason: 'corrected' });
    expect(await dueFrom(old)).toBe('2026-06-01');
    expect((await world.life(by))['documents']).toMatchObject([{ reference: 'a' }]);
  });
});

describe('the feed of a changed number', () => {
  it('is taken whole when its two events come in pages of their own, and twice a page', async () => {
    const individualRef = newRef();
    const old = await world.stored({ individualRef });
    const by = await changed(old, { individualRef });
    const third = await changed(by, { individualRef }, { reason: 'corrected', from: '2026-11-01' });
    expect((await world.life(old))['superseded']).toMatchObject({ by });
    expect((await world.life(by))['superseded']).toMatchObject({ by: third });
    expect(await dueFrom(by)).toBe('2026-11-01');
  });
});
