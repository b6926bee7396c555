import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import type { BeginInternalAct } from '../internal-act.ts';
import { holdJob, releaseJob } from '../job-lease.repository.ts';
import { countLiving, readLiving } from '../living-number.repository.ts';
import { tenantsFrom } from '../tenant.repository.ts';
import { hasUncompared, saveSweep, sweepsBefore } from './duplicate-sweep.repository.ts';
import { sweepTenants } from './sweep-tenants.ts';

const LOOK_EVERY_MS = 10 * 60_000;
const HELD_MS = 2 * 60_000;

/** The job that compares numbers at night; not started. */
export function openDuplicateSweep(parts: {
  db: Kysely<VaultDatabase>;
  /** Names this instance. */
  instanceId: string;
  beginInternalAct: BeginInternalAct;
  isNight(instant: number): boolean;
  log: Logger;
  clock: Clock;
}): Repeated {
  const { db, instanceId, beginInternalAct, isNight, log, clock } = parts;
  const ending = new AbortController();
  const own = { job: 'duplicate-sweep', holder: instanceId } as const;
  const sweep = () =>
    sweepTenants({
      isNight,
      hold: () => holdJob(db, { ...own, forMs: HELD_MS }),
      tenants: () => tenantsFrom(db, ''),
      hasUncompared: (tenantId) => hasUncompared(db, tenantId),
      sweepsBefore: () => sweepsBefore(db),
      countLiving: (tenantId) => countLiving(db, tenantId),
      readLiving: (tenantId, range) => readLiving(db, tenantId, range),
      beginInternalAct,
      saveSweep: (tenantId, found) => saveSweep(db, tenantId, found),
      reportShared: (tenantId, count) =>
        log.warn('a tenant holds numbers for several people', { tenantId, count }),
      clock,
      signal: ending.signal,
    }).finally(() => releaseJob(db, own));
  const job = repeatedly(sweep, {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: LOOK_EVERY_MS,
    onFault: (error) => {
      if (!ending.signal.aborted) log.error('numbers were not compared', safeFacts(error));
    },
  });
  return {
    start: job.start,
    stop: () => {
      ending.abort();
      return job.stop();
    },
  };
}
