import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LAW } from '@mnv/bango-ho';
import type { Logger } from '@mnv/service-kit';
import { expectForbidden } from '@mnv/testing';
import { nightlyRunner } from '../../src/retention/jobs/open-nightly.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

describe('what is done every night', () => {
  let world: World;
  let warned: object[];
  let refreshed: string[];
  let owner: ReturnType<World['database']['pool']>;
  beforeAll(async () => {
    world = await createWorld();
    owner = world.database.pool('disposal_migrate');
    await world.decide('book', 'no');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    [warned, refreshed] = [[], []];
    world.clock.today = '2026-11-25';
    await asOwner('delete from job_run');
    await asOwner('delete from job_lease');
  });

  const asOwner = (statement: string) => owner.query(statement);
  const asTenant = async (statement: string) => {
    const client = await owner.connect();
    try {
      await client.query(`set app.tenant = 't-001'`);
      return await client.query(statement);
    } finally {
      client.release(true);
    }
  };
  const newRunner = (fails = false) => {
    const { jobs } = world.store;
    const log: Logger = {
      info: () => undefined,
      warn: (event, facts) => void warned.push({ event, ...facts }),
      error: () => undefined,
    };
    const refreshTasks = async (tenantId: string) => {
      refreshed.push(tenantId);
      if (fails) throw new Error('cut off');
      return jobs.refreshTasks(tenantId);
    };
    const work = { ...jobs, refreshTasks };
    return nightlyRunner({ db: world.db, work, log, today: () => world.clock.today });
  };
  const runs = async () => {
    const { body } = await world.call('GET', 'jobs');
    return body['runs'] as { day: string; attempt: number; outcome: string; missedFrom: string }[];
  };

  it('is done once a day, by one of several runners, and alarms about what is overdue', async () => {
    const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'] });
    await world.tell({ recordId, kind: 'left', on: '2026-01-31' });
    await world.tell({
      recordId,
      kind: 'purpose-ended',
      on: '2026-01-31',
      purpose: 'TAX-WITHHOLD',
    });
    const runners = [newRunner(), newRunner(), newRunner()];
    const done = await Promise.all(runners.map((run) => run()));
    const again = await Promise.all(runners.map((run) => run()));

    expect(done.filter(Boolean)).toHaveLength(1);
    expect(again).toEqual([false, false, false]);
    expect(refreshed).toEqual(['t-001']);
    expect(warned).toEqual([{ event: 'disposals are overdue', tenantId: 't-001', count: 1 }]);
    expect(await runs()).toMatchObject([{ day: '2026-11-25', attempt: 1, outcome: 'done' }]);
  });

  it('is done again after it failed, and shows both', async () => {
    const runner = newRunner(true);
    await expect(runner()).rejects.toThrow('cut off');
    await asOwner(`update job_lease set until = now() - interval '1 second'`);
    await newRunner()();

    expect((await runs()).map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [2, 'done'],
      [1, 'failed'],
    ]);
  });

  it('is taken over from a runner that was killed, and only when its lease is over', async () => {
    await asOwner(
      `insert into job_lease values ('nightly', gen_random_uuid(), now() + interval '1 minute')`,
    );
    await asOwner(`insert into job_run (job, day, attempt, runner)
      values ('nightly', '2026-11-25', 1, gen_random_uuid())`);
    const runner = newRunner();
    expect(await runner()).toBe(false);
    await asOwner(`update job_lease set until = now() - interval '1 second'`);
    expect(await runner()).toBe(true);

    expect((await runs()).map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [2, 'done'],
      [1, null],
    ]);
  });

  it('makes up for missed days, and says from which', async () => {
    const runner = newRunner();
    await runner();
    world.clock.today = '2026-11-29';
    await runner();

    expect(await runs()).toMatchObject([
      { day: '2026-11-29', missedFrom: '2026-11-26' },
      { day: '2026-11-25', missedFrom: null },
    ]);
  });

  it('computes every life anew that another version of the law computed', async () => {
    const recordId = await world.stored({ purposes: ['TAX-WITHHOLD'] });
    await world.compute();
    await asTenant(`update record_life
      set law_version = '2020-01-01', blocked_by = '{:no-rule}'`);
    await asOwner(`update retention_tenant set computed_law = '2020-01-01'`);
    await newRunner()();

    const { rows } = await asTenant(
      `select law_version::text, blocked_by from record_life where record_id = '${recordId}'`,
    );
    expect(rows).toEqual([
      { law_version: LAW.version, blocked_by: [':purpose-alive', ':relation-alive'] },
    ]);
  });

  it('does not count what a clock set forward did in the future', async () => {
    await asOwner(`insert into job_run (job, day, attempt, runner, started_at, ended_at, outcome)
      values ('nightly', '2026-11-25', 1, gen_random_uuid(), now() + interval '1 day', now() + interval '1 day', 'done')`);

    expect(await newRunner()()).toBe(true);
  });

  it('is done once for each day when the clock is set back a day, and forward again', async () => {
    const days = ['2026-11-25', '2026-11-24', '2026-11-25', '2026-11-24', '2026-11-26'];
    const done: boolean[] = [];
    for (const day of days) {
      world.clock.today = day;
      await asOwner('delete from job_lease');
      done.push(await newRunner()());
    }
    expect(done).toEqual([true, true, false, false, true]);
    expect((await runs()).map(({ day, missedFrom }) => [day, missedFrom])).toEqual([
      ['2026-11-26', null],
      ['2026-11-24', null],
      ['2026-11-25', null],
    ]);
  });

  it('keeps its history: nobody may take a run out of it', async () => {
    await expectForbidden(world.pool, [
      'delete from job_run',
      `update job_run set day = '2020-01-01'`,
    ]);
  });
});
