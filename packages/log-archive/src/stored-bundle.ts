import { decodeEntryBundle } from '@mnv/transparency-log';

/** The entries of a stored batch; none when its bytes are no bundle: who checks finds fewer than it says. */
function entriesStored(bundle: Uint8Array): Uint8Array[] {
  try {
    return decodeEntryBundle(bundle);
  } catch {
    return [];
  }
}

/** A row of a log's batches as the checks read it. */
export function batchStored<Row extends { start: string; entries: Uint8Array }>(
  row: Row,
): Omit<Row, 'start' | 'entries'> & { start: number; entries: Uint8Array[] } {
  return { ...row, start: Number(row.start), entries: entriesStored(row.entries) };
}
