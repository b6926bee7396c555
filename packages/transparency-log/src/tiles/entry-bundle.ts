import { TransparencyLogError } from '../transparency-log-error.ts';

/** Octets of the longest entry: its length is written as a uint16. */
export const MAX_ENTRY_LENGTH = 65_535;

const PREFIX_LENGTH = 2;

/**
 * Entries one after another, each behind its length as big-endian uint16. A bundle that is served holds
 * up to 256; the encoding has no limit of its own. Throws RangeError for an entry that is too long.
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.some((entry) => entry.length > MAX_ENTRY_LENGTH)) {
    throw new RangeError('an entry is at most 65,535 octets long');
  }
  const length = entries.reduce((sum, entry) => sum + PREFIX_LENGTH + entry.length, 0);
  const bundle = new Uint8Array(length);
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    view.setUint16(at, entry.length);
    bundle.set(entry, at + PREFIX_LENGTH);
    at += PREFIX_LENGTH + entry.length;
  }
  return bundle;
}

/**
 * The entries of a bundle, as views into it. Throws TransparencyLogError `malformed-tile` for a bundle
 * that is cut, and unless it holds exactly `count` entries where that is given.
 */
export function decodeEntryBundle(bundle: Uint8Array, count?: number): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + PREFIX_LENGTH <= bundle.length) {
    const end = at + PREFIX_LENGTH + view.getUint16(at);
    entries.push(bundle.subarray(at + PREFIX_LENGTH, end));
    at = end;
  }
  if (at !== bundle.length || entries.length !== (count ?? entries.length)) {
    throw new TransparencyLogError('malformed-tile', 'not an entry bundle of the width asked for');
  }
  return entries;
}
