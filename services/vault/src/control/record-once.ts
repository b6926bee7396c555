import type { ControlEvent } from '@mnv/protocol';
import type { HeldJob } from '../epoch/epoch-job.ts';
import type { ControlLog } from './control-log.ts';
import type { PlacedEntry } from './control-search.repository.ts';

export type RecordOnceDependencies = {
  controlLog: Pick<ControlLog, 'append'>;
  sizeOfLog(): Promise<number>;
  search(wanted: { from: number; text: string }): Promise<PlacedEntry[]>;
};

/**
 * An event that happens once, and what tells its entry from all others behind `from`. That of a job's runner is
 * recorded only while it holds the job.
 */
export type OnceEvent = { event: ControlEvent; from: number; text: string; job?: HeldJob };

/** Answers the entry that stands for the event: the one found, or the one appended now. */
export type RecordOnce = (wanted: OnceEvent) => Promise<PlacedEntry>;

/**
 * Records an event unless it is in the log. Whether it is was decided from the log at a size, so it is appended
 * only at that size: a runner that crashed after its entry, or another one that was quicker, leaves one entry.
 * @throws Refusal `log-unavailable`; EpochLost when the job is not held any more
 */
export function makeRecordOnce(deps: RecordOnceDependencies): RecordOnce {
  return async ({ event, from, text, job }) => {
    for (;;) {
      const size = await deps.sizeOfLog();
      const [found] = (await deps.search({ from, text })).filter(
        ({ entry }) => entry.op === event.op,
      );
      if (found) return found;
      const recorded = await deps.controlLog.append([event], { onlyAt: size, job });
      const placed = recorded && (await deps.search({ from: recorded.first, text }))[0];
      if (placed) return placed;
    }
  };
}
