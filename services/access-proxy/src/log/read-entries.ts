import type { AccessEntry } from '@mnv/protocol';
import { decodeEntry } from '@mnv/protocol';
import type { StoredBatch } from '@mnv/transparency-log';
import { readStoredEntries } from '@mnv/transparency-log';

/** An entry with its place in the log. */
export type IndexedEntry = { index: number; entry: AccessEntry };

export type ReadBatches = (
  logId: string,
  range: { first: number; limit: number },
) => Promise<StoredBatch[]>;

/** The bytes of the entries of a log from `first` on (to before `end`), in order, in constant memory. */
export function readEntryBytes(
  readBatches: ReadBatches,
  logId: string,
  first: number,
  end?: number,
): AsyncGenerator<{ index: number; bytes: Uint8Array }> {
  return readStoredEntries((range) => readBatches(logId, range), first, end);
}

/** Entries from `first` on whose time (milliseconds) is in [from, to), in order. */
export type EntriesBetween = (
  logId: string,
  wanted: { first: number; from: number; to: number },
) => AsyncGenerator<IndexedEntry>;

type Logs = {
  readBatches: ReadBatches;
  newestOf(logId: string): Promise<{ size: number } | undefined>;
  boundsSince(
    logId: string,
    period: { from: number; size: number },
  ): Promise<{ low: number; high: number }>;
};

export function makeEntriesBetween({ readBatches, newestOf, boundsSince }: Logs): EntriesBetween {
  return async function* entriesBetween(logId, { first, from, to }) {
    const size = (await newestOf(logId))?.size ?? 0;
    const bounds = await boundsSince(logId, { from, size });
    const start = Math.max(first, await findFirstSince(readBatches, logId, { from, ...bounds }));
    for await (const { index, bytes } of readEntryBytes(readBatches, logId, start)) {
      const entry = decodeEntry(bytes);
      if (entry.t >= to) return;
      if (entry.t >= from) yield { index, entry };
    }
  };
}

/**
 * The index of the first batch-aligned entry that can be as young as `from`: times never decrease within a
 * log, so the log is searched by halves.
 */
async function findFirstSince(
  readBatches: ReadBatches,
  logId: string,
  { from, ...bounds }: { from: number; low: number; high: number },
): Promise<number> {
  let { low, high } = bounds;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [batch] = await readBatches(logId, { first: middle, limit: 1 });
    const last = batch?.entries.at(-1);
    if (!batch || !last) return low;
    const end = batch.start + batch.entries.length;
    if (decodeEntry(last).t < from) low = end;
    else if (batch.start <= low) return batch.start;
    else high = batch.start;
  }
  return low;
}
