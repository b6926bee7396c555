import type { KeyObject } from 'node:crypto';
import { decodeEntry } from '@mnv/protocol';
import type { Policy, TileStore } from '@mnv/transparency-log';
import type { ArchiveStore } from './archive-store.ts';
import { makeFsckFindings } from './fsck-findings.ts';
import type { FsckFinding, FsckFindings } from './fsck-findings.ts';
import type { LogLedger, SegmentRow } from './log-ledger.ts';
import { RecomputedLog } from './recompute-log.ts';
import { UnopenableSegmentError, openSegmentKey } from './segment-seal.ts';
import { SEGMENT_ENTRIES, endOf, firstOf } from './segment.ts';
import { DamagedSegmentError, verifySegment } from './verify-segment.ts';

/** What a check reads. */
export type CheckedLedger = Pick<
  LogLedger,
  'newestCheckpoint' | 'batchesFrom' | 'segmentsOf' | 'leafTilesOf'
> & { tilesOf(logId: string): Pick<TileStore, 'findTile'> };

export type Fsck = {
  ledger: CheckedLedger;
  policy: Policy;
  /** Reads an entry in its one exact form; that of access logs when it is not given. */
  decode?: (bytes: Uint8Array) => { t: number };
  /** Where segments lie. Without it, what left the database counts as missing. */
  archived?: { archive: ArchiveStore; archiveKey: KeyObject } | undefined;
};

/** One log as it is stored: how much of it there is, and what is wrong. `ok` when nothing is missing or wrong. */
export type LogState = {
  ok: boolean;
  origin: string;
  expected: number;
  /** Entries read, in the database or opened in the archive, and found under the tree. */
  checked: number;
  /** Entries whose key was destroyed at the end of their time: their hashes were checked. */
  forgotten: number;
  missing: number;
  segments: { expected: number; checked: number };
  findings: FsckFinding[];
  findingsInAll: number;
};

/**
 * Reads everything that is stored of one log, in the database and in the archive, computes it anew and compares:
 * entries, batches, edges, roots, signatures, hash tiles, segments, and that nothing lies between them.
 */
export async function fsckLog(
  log: { logId: string; origin: string },
  fsck: Fsck,
): Promise<LogState> {
  const findings = makeFsckFindings();
  const segments = (await fsck.ledger.segmentsOf(log.logId)).filter(({ readBack }) => readBack);
  const [oldest] = await fsck.ledger.batchesFrom(log.logId, 0);
  const expected = (await fsck.ledger.newestCheckpoint(log.logId))?.size ?? 0;
  const begins = oldest?.start ?? expected;
  const tally = { opened: 0, forgotten: 0, segments: 0 };
  for (const [at, segment] of segments.entries()) {
    if (segment.idx !== at) gap(findings, at * SEGMENT_ENTRIES, 'A segment is missing.');
    await checkSegment(segment, { begins, tally, findings, fsck });
  }
  const archivedEnd = segments.length * SEGMENT_ENTRIES;
  if (begins > archivedEnd) gap(findings, archivedEnd, 'Entries are neither stored nor archived.');
  const stored = await checkBatches(log, { begins, findings, fsck });
  const checked = stored + tally.opened;
  const missing = expected - checked - tally.forgotten;
  return {
    ok: findings.total() === 0 && missing === 0,
    origin: log.origin,
    expected,
    checked,
    forgotten: tally.forgotten,
    missing,
    segments: { expected: segments.length, checked: tally.segments },
    findings: findings.kept,
    findingsInAll: findings.total(),
  };
}

/** Verifies a segment in the archive and compares it with its row and its tiles in the database. */
async function checkSegment(
  segment: SegmentRow,
  state: {
    begins: number;
    tally: { opened: number; forgotten: number; segments: number };
    findings: FsckFindings;
    fsck: Fsck;
  },
): Promise<void> {
  const { begins, tally, findings, fsck } = state;
  const index = firstOf(segment);
  if (!fsck.archived) {
    const detail = 'Name the archive to check what lies there.';
    findings.add({ code: 'archive-not-given', index, detail });
    return;
  }
  try {
    const { archive, archiveKey } = fsck.archived;
    const { sealedKey } = segment;
    const key = sealedKey && openSegmentKey(archiveKey, sealedKey, segment);
    const verified = await verifySegment(archive, segment, { policy: fsck.policy, key });
    const kept = Buffer.concat(await fsck.ledger.leafTilesOf(segment));
    const differs = !kept.equals(Buffer.concat(verified.tiles));
    if (Buffer.compare(verified.root, segment.root) !== 0 || differs) {
      const detail = 'Archive and database hold other hashes.';
      findings.add({ code: 'segment-differs', index, detail });
    }
    tally.segments += 1;
    const gone = Math.max(0, Math.min(begins, endOf(segment)) - index);
    if (key) tally.opened += gone;
    else tally.forgotten += gone;
  } catch (error) {
    const known = error instanceof DamagedSegmentError || error instanceof UnopenableSegmentError;
    if (!known) throw error;
    const detail = `In the archive: ${error.message || 'it does not open'}.`;
    findings.add({ code: 'segment-damaged', index, detail });
  }
}

/** Recomputes the log over everything the database holds; answers how many entries that were. */
async function checkBatches(
  { logId, origin }: { logId: string; origin: string },
  { begins, findings, fsck }: { begins: number; findings: FsckFindings; fsck: Fsck },
): Promise<number> {
  const { ledger, policy, decode = decodeEntry } = fsck;
  const tiles = ledger.tilesOf(logId);
  const log = new RecomputedLog({ origin, tiles, policy, findings, decode });
  if (!(await log.growByTiles(begins))) return 0;
  let stored = 0;
  for (;;) {
    const rows = await ledger.batchesFrom(logId, log.size);
    if (rows.length === 0) return stored;
    for (const row of rows) {
      if (row.start !== log.size) {
        gap(findings, log.size, `The next batch begins at ${row.start}.`);
        return stored;
      }
      await log.growByBatch(row);
      stored += row.entries.length;
      // What follows it cannot be placed.
      if (row.entries.length !== row.n) return stored;
    }
  }
}

function gap(findings: FsckFindings, index: number, detail: string): void {
  findings.add({ code: 'gap', index, detail });
}
