import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reminder } from '../../src/retention/reminders/reminder.ts';
import { sendReminders } from '../../src/retention/reminders/send-reminders.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('reminders of what waits for people', () => {
  let world: World;
  let delivered: Reminder[];
  let failing: boolean;
  beforeAll(async () => {
    world = await createWorld();
    const recordId = await world.stored();
    await world.tell({ recordId, kind: 'left', on: '2025-03-31' });
    await world.compute();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    [delivered, failing] = [[], false];
  });

  const send = () =>
    sendReminders({
      ...world.store.reminders,
      deliver: (reminder) => {
        if (failing) return Promise.reject(new Error('not there'));
        delivered.push(reminder);
        return Promise.resolve();
      },
      reportFailed: () => undefined,
    });
  const asOwner = async (statement: string) => {
    const { rows } = await world.database.pool('postgres').query(statement);
    return rows as Record<string, unknown>[];
  };
  const refresh = () => world.store.jobs.refreshTasks('t-001');

  it('go out once for a task, however many look at once', async () => {
    await refresh();
    await refresh();
    const sent = await Promise.all([send(), send(), send()]);

    expect(sent.reduce((sum, one) => sum + one)).toBe(1);
    expect(delivered).toEqual([
      {
        reminderId: expect.any(String),
        tenantId: 't-001',
        topic: 'book',
        count: 1,
        openedOn: '2026-11-25',
        round: 0,
      },
    ]);
    expect(await send()).toBe(0);
  });

  it('go out again while the task stays open, every thirty days', async () => {
    world.clock.today = '2026-12-24';
    await refresh();
    expect(await send()).toBe(0);
    world.clock.today = '2026-12-25';
    await refresh();
    await send();
    expect(delivered).toMatchObject([{ topic: 'book', round: 1 }]);
  });

  it('that nobody took wait, longer each time, and go out when somebody does', async () => {
    world.clock.today = '2027-01-24';
    await refresh();
    failing = true;
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await send()).toBe(0);
      expect(await send()).toBe(0);
      const [row] =
        await asOwner(`select attempts, round(extract(epoch from next_try_at - now()) / 60)::int as pause
        from disposal.reminder where sent_at is null and dropped_at is null`);
      expect(row?.['attempts']).toBe(attempt + 1);
      pauses.push(Number(row?.['pause']));
      await asOwner('update disposal.reminder set next_try_at = now() where sent_at is null');
    }
    expect(pauses).toEqual([1, 2, 4]);
    failing = false;
    expect(await send()).toBe(1);
    expect(delivered).toMatchObject([{ round: 2 }]);
  });

  it('of a task that was closed meanwhile, or reminded of later, do not go out', async () => {
    world.clock.today = '2027-02-23';
    await refresh();
    world.clock.today = '2027-03-25';
    await refresh();
    await send();
    expect(delivered).toMatchObject([{ round: 4 }]);

    world.clock.today = '2027-04-24';
    await refresh();
    await world.decide('book', 'yes');
    await world.compute();
    await refresh();
    await send();
    expect(delivered.filter(({ topic }) => topic === 'book')).toHaveLength(1);
  });
});
