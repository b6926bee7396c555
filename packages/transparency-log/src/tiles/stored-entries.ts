/** Entries asked for at once: what is held is this and the rest of two batches. */
const ENTRIES_A_READ = 1_024;

/** A stored batch: its entries stand in the log from `start` on. */
export type StoredBatch = { start: number; entries: Uint8Array[] };

/** The batches that hold the entries [first, first + limit) of a log, in order. They may hold more. */
export type ReadBatches = (range: { first: number; limit: number }) => Promise<StoredBatch[]>;

/**
 * The entries of a log from `first` on (to before `end`) as they are stored, in order, in constant memory.
 * Throws RangeError where a batch does not go on where the one before it ended.
 */
export async function* readStoredEntries(
  readBatches: ReadBatches,
  first: number,
  end = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<{ index: number; bytes: Uint8Array }> {
  let next = first;
  while (next < end) {
    const limit = Math.min(ENTRIES_A_READ, end - next);
    const batches = await readBatches({ first: next, limit });
    const before = next;
    for (const { start, entries } of batches) {
      if (start > next) throw new RangeError('entries of the log are missing');
      for (let at = Math.max(0, next - start); at < entries.length && start + at < end; at += 1) {
        yield { index: start + at, bytes: entries[at] as Uint8Array };
      }
      next = start + entries.length;
    }
    if (next <= before) return;
  }
}

/**
 * Reads no batch a second time for the range behind the one before: a batch may hold the entries of many
 * tiles. Holds the batches of the last range.
 */
export function readOnward(readBatches: ReadBatches): ReadBatches {
  let last: StoredBatch[] = [];
  return async ({ first, limit }) => {
    const end = first + limit;
    const [begun] = last;
    const held = begun && begun.start <= first ? last.filter((one) => endOf(one) > first) : [];
    const known = held.reduce((_, one) => endOf(one), first);
    if (known < end) held.push(...(await readBatches({ first: known, limit: end - known })));
    last = held;
    return held;
  };
}

function endOf({ start, entries }: StoredBatch): number {
  return start + entries.length;
}
