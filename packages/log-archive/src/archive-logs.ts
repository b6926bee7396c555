import { archiveSegment } from './archive-segment.ts';
import type { Archiving } from './archive-segment.ts';
import type { LogLedger, SegmentRow } from './log-ledger.ts';
import { openSegmentKey } from './segment-seal.ts';
import { SEGMENT_ENTRIES, endOf } from './segment.ts';
import { verifySegment } from './verify-segment.ts';

export type ArchiveRun = Archiving & {
  now: number;
  /** How long entries stay in the database after they are archived. */
  onlineMs: number;
};

/** Segments by what was done with them in one run. */
export type ArchiveTally = { archived: number; dropped: number; destroyed: number };

/**
 * One run over all logs, oldest segment first: archives what is full, drops from the database what is older
 * than `onlineMs` and reads back once more, and destroys the keys of what is past its retention. Repeats
 * harmlessly; whatever fails leaves the entries where they are.
 * @throws DamagedSegmentError, UnopenableSegmentError
 */
export async function archiveLogs(run: ArchiveRun): Promise<ArchiveTally> {
  if (run.retentionMs < run.onlineMs)
    throw new RangeError(
      'Entries cannot stay in the database for longer than they are kept at all.',
    );
  const tally: ArchiveTally = { archived: 0, dropped: 0, destroyed: 0 };
  for (const log of await run.ledger.logs()) await archiveLog(log, run, tally);
  return tally;
}

async function archiveLog(
  log: { logId: string; origin: string },
  run: ArchiveRun,
  tally: ArchiveTally,
): Promise<void> {
  const { ledger } = run;
  const size = (await ledger.newestCheckpoint(log.logId))?.size ?? 0;
  const done = (await ledger.segmentsOf(log.logId)).filter(({ readBack }) => readBack).length;
  for (let idx = done; (idx + 1) * SEGMENT_ENTRIES <= size; idx += 1) {
    await archiveSegment({ ...log, idx }, run);
    tally.archived += 1;
  }
  for (const segment of await ledger.segmentsOf(log.logId)) {
    if (segment.readBack && segment.sealedKey) await age(segment, run, tally);
  }
}

async function age(segment: SegmentRow, run: ArchiveRun, tally: ArchiveTally): Promise<void> {
  const ageMs = run.now - segment.lastAt.getTime();
  if (ageMs >= run.onlineMs && (await drop(segment, run))) tally.dropped += 1;
  if (ageMs < run.retentionMs || (await isStored(segment, run.ledger))) return;
  await run.ledger.destroyKey(segment);
  tally.destroyed += 1;
}

/** Whether the database still holds an entry of the segment: a batch may reach into the next one. */
async function isStored(segment: SegmentRow, ledger: LogLedger): Promise<boolean> {
  const [oldest] = await ledger.batchesFrom(segment.logId, 0);
  return oldest !== undefined && oldest.start < endOf(segment);
}

/** Whether anything left the database. The segment was read back when it was archived, perhaps long ago. */
async function drop(segment: SegmentRow, run: ArchiveRun): Promise<boolean> {
  const { ledger, archive, archiveKey, policy } = run;
  if (!segment.sealedKey || !(await isStored(segment, ledger))) return false;
  const key = openSegmentKey(archiveKey, segment.sealedKey, segment);
  await verifySegment(archive, segment, { policy, key });
  return (await ledger.dropEntries(segment)) > 0;
}
