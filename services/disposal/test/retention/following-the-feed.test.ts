import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyFeedPage, findFeedPosition } from '../../src/retention/feed/feed.repository.ts';
import { followOnce } from '../../src/retention/feed/follow-records.ts';
import type { RecordFeedEvent } from '../../src/retention/feed/record-feed.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('following the vault’s feed of records', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const storedEvent = (tenantId: string): RecordFeedEvent => ({
    kind: 'stored',
    tenantId,
    recordId: randomUUID(),
    at: '2026-03-31T15:30:00Z',
    subject: 'E',
    purposes: ['TAX-WITHHOLD'],
    individualRef: `ref-${randomUUID().slice(0, 8)}`,
  });
  const stateOf = async (recordId: string, tenant = 't-001') =>
    (await world.call('GET', `records/${recordId}`, { tenant })).body['state'];
  const readFrom = (after: string | undefined) => {
    const at = Number(after ?? 0);
    const events = world.feed.slice(at, at + 2);
    return Promise.resolve({ events, cursor: String(at + events.length) });
  };
  const findPosition = () => findFeedPosition(world.db);

  it('takes every event once, of several tenants, whatever number of instances follow', async () => {
    world.feed.push(...Array.from({ length: 9 }, (_, at) => storedEvent(`t-00${(at % 3) + 1}`)));
    const follower = () =>
      followOnce({
        readFeed: readFrom,
        findPosition,
        applyPage: (after, page) => applyFeedPage(world.db, after, page),
      });
    const taken = await Promise.all([follower(), follower(), follower()]);

    expect(taken.reduce((sum, one) => sum + one)).toBe(9);
    for (const { recordId, tenantId } of world.feed)
      expect(await stateOf(recordId, tenantId)).toBe('living');
  });

  it('keeps nothing of a page whose transaction was cut off, and takes it again', async () => {
    const event = storedEvent('t-001');
    world.feed.push(event);
    const cut = async (after: string | undefined, page: Parameters<typeof applyFeedPage>[2]) => {
      // The second event of the page cannot be stored: the page, and the position, stay where they were.
      const broken = { ...event, recordId: 'no-uuid' };
      return applyFeedPage(world.db, after, { ...page, events: [...page.events, broken] });
    };
    const before = await findPosition();
    await expect(followOnce({ readFeed: readFrom, findPosition, applyPage: cut })).rejects.toThrow(
      'uuid',
    );
    expect(await findPosition()).toBe(before);
    expect((await world.call('GET', `records/${event.recordId}`)).status).toBe(404);

    await world.follow();
    expect(await stateOf(event.recordId)).toBe('living');
  });

  it('keeps the last state of a record; what is erased stays so', async () => {
    const recordId = await world.stored();
    await world.became('frozen', recordId);
    expect(await stateOf(recordId)).toBe('frozen');
    await world.became('released-from-freeze', recordId);
    expect(await stateOf(recordId)).toBe('living');
    await world.became('erased', recordId);
    await world.became('released-from-freeze', recordId);
    expect(await stateOf(recordId)).toBe('erased');
  });

  it('stops at a feed that stands still instead of reading it for ever', async () => {
    const standing = () => Promise.resolve({ events: [storedEvent('t-001')], cursor: 'same' });
    const follow = followOnce({
      readFeed: standing,
      findPosition: () => Promise.resolve('same'),
      applyPage: () => Promise.resolve(true),
    });
    await expect(follow).rejects.toThrow('stands still');
  });
});
