import type { ControlEvent } from '@mnv/protocol';
import type { ControlLog } from './control-log.ts';
import type { SeenCheckpoint } from './recorded-checkpoint.repository.ts';

const ENTRIES_A_BATCH = 500;

/**
 * Records the newest accepted checkpoint of every access log that grew since it was recorded last: neither
 * side can later show another history of the other. A crash in between, or two instances at once, make a
 * second entry of the same.
 */
export async function recordCheckpoints(deps: {
  findUnrecorded(): Promise<SeenCheckpoint[]>;
  keepRecorded(recorded: readonly SeenCheckpoint[]): Promise<void>;
  controlLog: ControlLog;
}): Promise<void> {
  const seen = await deps.findUnrecorded();
  for (let at = 0; at < seen.length; at += ENTRIES_A_BATCH) {
    const some = seen.slice(at, at + ENTRIES_A_BATCH);
    await deps.controlLog.append(some.map(eventOf));
    await deps.keepRecorded(some);
  }
}

function eventOf({ origin, size, root }: SeenCheckpoint): ControlEvent {
  return { op: 'checkpoint.seen', origin, size, root: root.toString('base64url') };
}
