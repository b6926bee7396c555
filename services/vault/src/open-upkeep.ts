import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { Logger, Metrics, Repeated } from '@mnv/service-kit';
import type { VaultDatabase } from './database.ts';
import { isNight } from './duplicates/night.ts';
import { openDuplicateSweep } from './duplicates/open-duplicate-sweep.ts';
import type { BeginInternalAct } from './internal-act.ts';
import { SCRUB_PASS_MS, openScrubber } from './scrub/open-scrubber.ts';

/** When the vault opens numbers by itself. */
export type UpkeepTimes = {
  isNight(instant: number): boolean;
  /** How long opening all of them may take. */
  scrubPassMs: number;
};

const USUAL: UpkeepTimes = { isNight, scrubPassMs: SCRUB_PASS_MS };

/** The jobs that open numbers and release none; not started. */
export function openUpkeep(parts: {
  db: Kysely<VaultDatabase>;
  beginInternalAct: BeginInternalAct;
  metrics: Metrics;
  log: Logger;
  clock: Clock;
  upkeep?: UpkeepTimes;
}): Repeated[] {
  const { db, beginInternalAct, metrics, log, clock } = parts;
  const times = parts.upkeep ?? USUAL;
  const shared = { db, beginInternalAct, log, clock, instanceId: randomUUID() };
  return [
    openDuplicateSweep({ ...shared, isNight: (instant) => times.isNight(instant) }),
    openScrubber({ ...shared, metrics, passMs: times.scrubPassMs }),
  ];
}
