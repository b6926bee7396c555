import type { KeyObject } from 'node:crypto';
import { Refusal } from '@mnv/core';
import { endOf, openSegmentKey, readEntries } from '@mnv/log-archive';
import type { ArchiveStore, SegmentRow } from '@mnv/log-archive';

/** Where the entries of old segments lie, and the key over their keys. */
export type Archive = { store: ArchiveStore; key: KeyObject };

/**
 * Opens archived segments; keeps the last one, for its readers come page by page.
 * @throws Refusal `not-found` when the entries are gone for good, or the service was given no archive
 */
export function makeOpenSegment(
  archive: Archive | undefined,
): (segment: SegmentRow) => Promise<Uint8Array[]> {
  let last: { name: string; entries: Promise<Uint8Array[]> } | undefined;
  return async (segment) => {
    if (!segment.sealedKey)
      throw new Refusal(
        'not-found',
        'The entries of that time were kept as long as they had to be.',
      );
    if (!archive)
      throw new Refusal(
        'not-found',
        'The entries of that time are archived, out of reach from here.',
      );
    const name = `${segment.logId} ${segment.idx}`;
    if (last?.name === name) return last.entries;
    const key = openSegmentKey(archive.key, segment.sealedKey, segment);
    const opened = { name, entries: readEntries(archive.store, segment, key) };
    last = opened;
    opened.entries.catch(() => {
      if (last === opened) last = undefined;
    });
    return opened.entries;
  };
}

/** Between which indices the first entry as young as `from` stands, so that few segments are opened to find it. */
export function boundsSince(
  segments: readonly SegmentRow[],
  { from, size }: { from: number; size: number },
): { low: number; high: number } {
  const older = segments.filter((one) => one.lastAt.getTime() < from).at(-1);
  const holder = segments.find((one) => one.lastAt.getTime() >= from);
  return { low: older ? endOf(older) : 0, high: holder ? endOf(holder) : size };
}
