import { decodeEntryBundle } from '@mnv/transparency-log';

/** The entries of a stored batch; none when its bytes are no bundle: who checks finds fewer than it says. */
export function entriesStored(bundle: Uint8Array): Uint8Array[] {
  try {
    return decodeEntryBundle(bundle);
  } catch {
    return [];
  }
}
