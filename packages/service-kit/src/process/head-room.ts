import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { Pool } from 'pg';
import { type Logger, safeFacts } from '../logger.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 60 * LOOK_EVERY_MS;
const DAY_MS = 24 * HOUR_MS;
/** Growth is judged over a week at most, and not before an hour is known. */
const KEPT_MS = 7 * DAY_MS;
const WARN_DAYS_AHEAD = 14;
const WARN_SHARE = 0.8;
/** What is left above this is for administration, export, and the outcomes of what was released. */
const REFUSE_SHARE = 0.95;

type Sample = { at: number; bytes: number };

export type HeadRoom = {
  /** Throws Refusal `database-unavailable` when the database has used up its budget for new work. */
  requireRoom(): void;
  /** The same work, refused when there is no room. */
  whenRoom<Args extends unknown[], T>(
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T>;
  /** Looks once. Never throws: a size that cannot be read changes nothing and is reported. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
};

/**
 * Watches the size of a service's database against the bytes it was given. The alarm comes two weeks before
 * the budget is used up at the pace of the last week, and at four fifths of it; at 95 % new work is refused,
 * so that a disk never fills up under a write that matters.
 */
export function watchHeadRoom(options: {
  pool: Pool;
  budgetBytes: number;
  log: Logger;
  clock?: Clock;
}): HeadRoom {
  const { pool, budgetBytes, log, clock = Date.now } = options;
  let samples: Sample[] = [];
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      const now = { at: clock(), bytes: await databaseBytes(pool) };
      samples = [...samples.filter(({ at }) => now.at - at <= KEPT_MS), now];
      warnAhead(samples, { budgetBytes, log });
    } catch (error) {
      log.warn('database size unknown', safeFacts(error));
    }
  };
  const requireRoom = () => {
    if ((samples.at(-1)?.bytes ?? 0) < REFUSE_SHARE * budgetBytes) return;
    throw new Refusal('database-unavailable', 'The database has no room for new work.');
  };
  return {
    look,
    requireRoom,
    whenRoom:
      (work) =>
      async (...args) => {
        requireRoom();
        return work(...args);
      },
    start: () => {
      void look();
      timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
    },
    stop: () => clearInterval(timer),
  };
}

function warnAhead(
  samples: readonly Sample[],
  { budgetBytes, log }: { budgetBytes: number; log: Logger },
): void {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return;
  const facts = { size: last.bytes, count: budgetBytes };
  if (last.bytes >= REFUSE_SHARE * budgetBytes) {
    log.error('database budget used up: new work is refused', facts);
  } else if (last.bytes >= WARN_SHARE * budgetBytes) {
    log.error('database budget nearly used up', facts);
  } else if (daysLeft(first, last, budgetBytes) < WARN_DAYS_AHEAD) {
    log.warn('database budget used up within two weeks', facts);
  }
}

function daysLeft(first: Sample, last: Sample, budgetBytes: number): number {
  const [grown, elapsed] = [last.bytes - first.bytes, last.at - first.at];
  if (elapsed < HOUR_MS || grown <= 0) return Number.POSITIVE_INFINITY;
  return ((REFUSE_SHARE * budgetBytes - last.bytes) / grown) * (elapsed / DAY_MS);
}

async function databaseBytes(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    'select pg_database_size(current_database()) as bytes',
  );
  return Number(rows[0]?.bytes);
}
