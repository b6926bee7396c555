import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { decodeEntryBundle, encodeEntryBundle } from '@mnv/transparency-log';
import { SEGMENT_ENTRIES } from './segment.ts';

/** Of a segment whose every entry is as long as one may be. */
const MOST_BYTES = SEGMENT_ENTRIES * 4_098;

/** All entries of a segment, each behind its length, compressed: random fields keep about half of it. */
export function packEntries(entries: readonly Uint8Array[]): Buffer {
  return gzipSync(encodeEntryBundle(entries), { level: constants.Z_BEST_SPEED });
}

/** Throws TransparencyLogError, or what gunzip throws, for bytes that are not packed entries. */
export function unpackEntries(bytes: Uint8Array): Uint8Array[] {
  const unpacked = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  return decodeEntryBundle(unpacked, SEGMENT_ENTRIES);
}
