import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { Logger, Metrics, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import type { BeginInternalAct } from '../internal-act.ts';
import { holdJob, releaseJob } from '../job-lease.repository.ts';
import { countLiving, findLivingAmong, readLiving } from '../living-number.repository.ts';
import { tenantsFrom } from '../tenant.repository.ts';
import { findLastFinished, findNewestPass, insertPass, savePass } from './scrub-pass.repository.ts';
import { scrubRecords } from './scrub-records.ts';

const LOOK_EVERY_MS = 60_000;
/** Longer than a portion takes, so that it is not begun twice. */
const HELD_MS = 5 * 60_000;
/** Well below the thirty days that are promised, with room for a vault that was down. */
export const SCRUB_PASS_MS = 7 * 24 * 60 * 60_000;

/** The job that opens every living record in its turn; not started. */
export function openScrubber(parts: {
  db: Kysely<VaultDatabase>;
  /** Names this instance. */
  instanceId: string;
  beginInternalAct: BeginInternalAct;
  metrics: Metrics;
  log: Logger;
  clock: Clock;
  passMs: number;
}): Repeated {
  const { db, instanceId, beginInternalAct, log, clock, passMs } = parts;
  const ending = new AbortController();
  const progress = progressOf(parts.metrics);
  const own = { job: 'scrub', holder: instanceId } as const;
  const scrub = async (): Promise<void> => {
    await scrubRecords({
      hold: () => holdJob(db, { ...own, forMs: HELD_MS }),
      findNewestPass: () => findNewestPass(db),
      insertPass: (begun) => insertPass(db, begun),
      savePass: (pass) => savePass(db, pass),
      tenantsFrom: (tenantId) => tenantsFrom(db, tenantId),
      countLiving: (tenantId) => countLiving(db, tenantId),
      readLiving: (tenantId, range) => readLiving(db, tenantId, range),
      findLivingAmong: (tenantId, recordIds) => findLivingAmong(db, tenantId, recordIds),
      beginInternalAct,
      reportDamage: (damage) => log.error('a living record does not open', damage),
      clock,
      passMs,
      everyMs: LOOK_EVERY_MS,
      signal: ending.signal,
    }).finally(() => releaseJob(db, own));
    progress.show(await findNewestPass(db), await findLastFinished(db));
  };
  const job = repeatedly(scrub, {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: LOOK_EVERY_MS,
    onFault: (error) => {
      if (!ending.signal.aborted) log.error('records are not scrubbed', safeFacts(error));
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

/** Every instance shows what the database says, whoever did it. */
function progressOf(metrics: Metrics) {
  const expected = metrics.gauge('scrub_pass_expected_records', 'Records to open in this pass');
  const opened = metrics.gauge('scrub_pass_opened_records', 'Records opened in this pass');
  const damaged = metrics.gauge(
    'scrub_pass_damaged_records',
    'Records of this pass that do not open',
  );
  const finished = metrics.gauge(
    'scrub_last_full_pass_seconds',
    'When all were opened last (Unix time)',
  );
  return {
    show(pass: { expected: number; opened: number; damaged: number } | undefined, lastMs?: number) {
      if (pass) {
        expected(pass.expected);
        opened(pass.opened);
        damaged(pass.damaged);
      }
      if (lastMs !== undefined) finished(lastMs / 1000);
    },
  };
}
