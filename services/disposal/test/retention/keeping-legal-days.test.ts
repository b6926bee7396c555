import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { createWorld } from './world.ts';

/** Half a day ahead of Tokyo's morning and behind it, and one that turns its clocks. */
const ZONES = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Tokyo'];

/** What a service computes of days, in a process of its own. */
const DAYS = `
  const { legalDayOf } = await import('@mnv/core');
  const { dayAfter, dayBefore, explain, lastDayOfImage } = await import('@mnv/bango-ho');
  const { daysBefore, plannedDay, policyOf } = await import('./src/retention/due/policy.ts');
  const instants = ['2026-03-08T10:30:00Z', '2026-12-31T14:59:59Z', '2026-12-31T15:00:00Z', '2028-02-28T15:00:00Z'];
  const days = instants.map((at) => legalDayOf(Date.parse(at)));
  console.log(JSON.stringify([
    days,
    days.map(dayAfter),
    days.map(dayBefore),
    days.map((day) => daysBefore(day, 30)),
    days.map((day) => lastDayOfImage({ countedFrom: day, keepDays: 30 })),
    days.map((event) => explain({ rule: 'R-TAX7', event }).keepThrough),
    ['monthly', 'fiscal-year-end:03'].flatMap((policy) => days.map((day) => plannedDay(policyOf(policy), day))),
    new Date('2026-01-01T00:00:00Z').getHours(),
  ]));
`;

describe('legal days', () => {
  it('are the same whatever the time zone of the machine', () => {
    const told = ZONES.map((TZ) => {
      const out = execFileSync(process.execPath, ['--input-type=module', '-e', DAYS], {
        cwd: new URL('../..', import.meta.url).pathname,
        env: { TZ },
        encoding: 'utf8',
      });
      const values = JSON.parse(out) as unknown[];
      return { hour: values.pop(), values: JSON.stringify(values) };
    });
    // The zones did take effect.
    expect(told.map(({ hour }) => hour)).toEqual([0, 14, 16, 9]);
    expect(new Set(told.map(({ values }) => values)).size).toBe(1);
    expect(told[0]?.values).toContain('2027-01-01');
  });

  it.each(ZONES)(
    'are stored and told as they are, by a database that stands in %s',
    async (timeZone) => {
      const world = await createWorld({ timeZone });
      try {
        const { rows } = await world.pool.query<{ TimeZone: string }>('show timezone');
        expect(rows[0]?.TimeZone).toBe(timeZone);
        await world.decide('book', 'no');
        const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'] });
        await world.tell({ recordId, kind: 'left', on: '2026-03-31' });
        const ended = {
          recordId,
          kind: 'purpose-ended',
          on: '2026-03-31',
          purpose: 'TAX-WITHHOLD',
        };
        await world.tell(ended);
        await world.compute();
        const { body } = await world.call('GET', 'due');
        expect(body['due']).toMatchObject([{ recordId, dueSince: '2026-04-01', overdue: true }]);
        // The feed's instant is a day later in Tokyo than in London.
        expect(await world.life(recordId)).toMatchObject({
          number: { deletableFrom: '2026-04-01', keepThrough: '2026-03-31' },
        });
        world.clock.today = '2026-03-31';
        expect((await world.call('GET', 'due')).body['due']).toEqual([]);
      } finally {
        await world.close();
      }
    },
  );
});
