import type { StoredBatch } from '@mnv/transparency-log';
import type { SegmentRow } from './log-ledger.ts';
import { SEGMENT_ENTRIES, firstOf } from './segment.ts';

/** The batches that hold the entries [first, first + limit) of a log, in order. They may hold more. */
export type ReadBatchesOfLog = (
  logId: string,
  range: { first: number; limit: number },
) => Promise<StoredBatch[]>;

/**
 * Reads entries where they are: in the database, and a whole segment at a time in the archive once they left it.
 * What `open` throws for a segment comes through; nothing is left out in silence.
 */
export function readThroughArchive(deps: {
  readStored: ReadBatchesOfLog;
  findSegment(logId: string, idx: number): Promise<SegmentRow | undefined>;
  open(segment: SegmentRow): Promise<Uint8Array[]>;
}): ReadBatchesOfLog {
  return async (logId, range) => {
    const stored = await deps.readStored(logId, range);
    if (stored[0] && stored[0].start <= range.first) return stored;
    const segment = await deps.findSegment(logId, Math.floor(range.first / SEGMENT_ENTRIES));
    // Nothing there and nothing archived: the log ends before.
    if (!segment?.readBack) return stored;
    return [{ start: firstOf(segment), entries: await deps.open(segment) }];
  };
}
