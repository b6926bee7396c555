import { randomUUID } from 'node:crypto';
import type { LegalDay } from '@mnv/bango-ho';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { RetentionDatabase } from '../database.ts';
import { beginRun, endRun, holdLease } from './job.repository.ts';
import type { CurrentLivesDependencies } from './keep-lives-current.ts';
import { runNightly } from './nightly.ts';
import type { NightlyDependencies } from './nightly.ts';

const LOOK_EVERY_MS = 60_000;

export type NightlyParts = {
  db: RetentionDatabase;
  work: CurrentLivesDependencies & Pick<NightlyDependencies, 'enqueueOtherLaw'>;
  log: Logger;
  today(): LegalDay;
};

/** One runner’s night: it looks every minute whether the day still lacks its run. */
export function nightlyRunner({ db, work, log, today }: NightlyParts): () => Promise<boolean> {
  const runner = randomUUID();
  return () =>
    runNightly({
      ...work,
      holdLease: () => holdLease(db, runner),
      beginRun: (day) => beginRun(db, runner, day),
      endRun: (run, end) => endRun(db, run, end),
      reportOverdue: (tenantId, count) => log.warn('disposals are overdue', { tenantId, count }),
      today,
    });
}

/** The same, again and again; not started. */
export function openNightly(parts: NightlyParts): Repeated {
  const run = nightlyRunner(parts);
  return repeatedly(async () => void (await run()), {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: LOOK_EVERY_MS,
    onFault: (error) => parts.log.error('the nightly run failed', safeFacts(error)),
  });
}
