import type { StoredBatch } from '@mnv/transparency-log';
import type { FullTile } from './segment-tiles.ts';
import type { SegmentPlace } from './segment.ts';
import type { LogReads } from './stored-logs.repository.ts';

/** A segment the database knows of. */
export type SegmentRow = SegmentPlace & {
  /** Node (16, idx) of the log. */
  root: Uint8Array;
  /** Undefined once it was destroyed. */
  sealedKey: Uint8Array | undefined;
  /** Times of the first and the last entry. */
  firstAt: Date;
  lastAt: Date;
  readBack: boolean;
};

/** A batch with everything that is stored about it. */
export type BatchRow = StoredBatch & {
  n: number;
  root: Uint8Array;
  checkpoint: string;
  edge: Uint8Array;
};

/** The access logs as the role `access_archiver` may work on them. */
export type LogLedger = LogReads & {
  logs(): Promise<{ logId: string; origin: string }[]>;
  /** Batches from the first one that starts at `start` or later, in order; none at the end. */
  batchesFrom(logId: string, start: number): Promise<BatchRow[]>;
  /** The stored tiles over the entries of a segment, in order, as many as there are. */
  leafTilesOf(place: SegmentPlace): Promise<Uint8Array[]>;
  /** Keeps full tiles; those that are kept already stay as they are. */
  keepTiles(logId: string, tiles: readonly FullTile[]): Promise<void>;
  /** Keeps what a segment is archived under; whoever came first is answered. */
  beginSegment(segment: Omit<SegmentRow, 'readBack'>): Promise<SegmentRow>;
  markReadBack(place: SegmentPlace): Promise<void>;
  /** Takes the entries of this and every earlier segment out of the database; answers how many batches left. */
  dropEntries(place: SegmentPlace): Promise<number>;
  destroyKey(place: SegmentPlace): Promise<void>;
};
