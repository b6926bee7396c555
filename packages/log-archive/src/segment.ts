import { TILE_WIDTH, tilePath } from '@mnv/transparency-log';

/** Entries of a segment: a full subtree of 16 levels, 256 tiles of leaves under one tile of the level above. */
export const SEGMENT_ENTRIES = TILE_WIDTH * TILE_WIDTH;

/** A segment of a log: its entries are [idx · 65,536, (idx + 1) · 65,536). */
export type SegmentPlace = { logId: string; idx: number };

/** What an archived segment says of itself: enough to prove it with a trust policy and nothing of ours. */
export type SegmentManifest = {
  v: 1;
  origin: string;
  logId: string;
  idx: number;
  /** A signed checkpoint over the segment, and the range proof that leads from its leaves to it; base64. */
  checkpoint: string;
  proof: string[];
};

export function firstOf({ idx }: SegmentPlace): number {
  return idx * SEGMENT_ENTRIES;
}

export function endOf({ idx }: SegmentPlace): number {
  return (idx + 1) * SEGMENT_ENTRIES;
}

/** Where the hash tiles of a segment stand: 256 over its entries, and the one above. */
export function tilesOfSegment({ idx }: SegmentPlace) {
  const leaves = Array.from({ length: TILE_WIDTH }, (_, at) => ({
    level: 0,
    idx: idx * TILE_WIDTH + at,
  }));
  return { leaves, above: { level: 1, idx } };
}

/** Hash tiles lie in clear under their C2SP tlog-tiles paths: the archive of a log is a log whose entries are pruned. */
export function tileName({ logId }: SegmentPlace, level: number, idx: number): string {
  return `${logId}/${tilePath(level, idx)}`;
}

export function sealedName(place: SegmentPlace, keyId: string): string {
  return `${segmentName(place)}.${keyId}.sealed`;
}

export function manifestName(place: SegmentPlace): string {
  return `${segmentName(place)}.json`;
}

function segmentName({ logId, idx }: SegmentPlace): string {
  return `${logId}/segment/${String(idx).padStart(9, '0')}`;
}
