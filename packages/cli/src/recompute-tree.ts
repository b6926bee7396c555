import { mapInOrder } from '@mnv/client';
import { TILE_WIDTH, appendLeaves, leafHash, rootOf, tilesOf } from '@mnv/transparency-log';
import type { Edge, FetchFile, Tile } from '@mnv/transparency-log';
import type { Findings } from './log-findings.ts';
import { hashesOf, readBundle, readTile } from './read-tiles.ts';

const TILE_HEIGHT = 8;
/** Tiles read ahead, so that reading and hashing go on at the same time. */
const READ_AHEAD = 8;

export type RecomputedTree = {
  /** Entries that were read and hashed. */
  checked: number;
  /** Undefined when neither entries nor hashes were there for some part. */
  root: Uint8Array | undefined;
};

type Recomputing = {
  fetch: FetchFile;
  size: number;
  findings: Findings;
  onEntry: (entry: Uint8Array, index: number) => void;
  onGap: () => void;
  /** Sizes at which the root is asked for, ascending, each within the log. */
  sizes: readonly number[];
  onRoot: (size: number, root: Uint8Array | undefined) => void;
  /** Told of the leaf hashes in order, also of those that stand in for missing entries. */
  onLeaves?: (first: number, hashes: readonly Uint8Array[]) => void;
};

/** The tree so far, and the hashes of the tile levels above the leaves: one for 256 entries. */
type Growth = { edge: Edge | undefined; upper: Map<number, Uint8Array[]>; checked: number };

/** The entries that one bundle holds and the hash tile over them, as far as they are there. */
type Part = {
  start: number;
  width: number;
  entries: Uint8Array[] | undefined;
  tile: Uint8Array | undefined;
};

/**
 * Reads every entry of a log, grows the whole tree anew from them, and compares every hash tile with it: other
 * verifiers rely on the tiles. Where entries are missing, their stored hashes keep the tree going, so that what
 * is there can still be proven. Calls `onEntry` in order, `onGap` instead where entries are missing, and
 * `onRoot` with the root at each of `sizes`. Memory: a few tiles, and a hash for every 256 entries.
 */
export async function recomputeTree(options: Recomputing): Promise<RecomputedTree> {
  const { size } = options;
  const growth: Growth = { edge: [], upper: new Map(), checked: 0 };
  const read = (start: number) => partAt(options, start);
  for await (const part of mapInOrder(startsOf(size), READ_AHEAD, read)) {
    const hashes = leavesOf(part, options, growth);
    if (hashes) options.onLeaves?.(part.start, hashes);
    growInSteps(growth, { ...part, hashes }, options);
  }
  await compareUpperTiles(options, growth);
  return { checked: growth.checked, root: growth.edge && rootOf(growth.edge) };
}

function* startsOf(size: number): Generator<number> {
  for (let start = 0; start < size; start += TILE_WIDTH) yield start;
}

async function partAt({ fetch, size }: Recomputing, start: number): Promise<Part> {
  const [index, width] = [start / TILE_WIDTH, Math.min(TILE_WIDTH, size - start)];
  const [entries, tile] = await Promise.all([
    readBundle(fetch, index, width),
    readTile(fetch, { level: 0, index, width }),
  ]);
  return { start, width, entries, tile };
}

/** The leaf hashes of a part, its entries judged on the way. */
function leavesOf(
  { start, width, entries, tile }: Part,
  { onEntry, onGap, findings }: Recomputing,
  growth: Growth,
): Uint8Array[] | undefined {
  if (entries === undefined) {
    const detail = 'The entries are not there, or not whole.';
    findings.add({ code: 'entries-missing', index: start, count: width, detail });
    onGap();
    return tile && hashesOf(tile);
  }
  entries.forEach((entry, at) => onEntry(entry, start + at));
  growth.checked += width;
  const hashes = entries.map((entry) => leafHash(entry));
  compareTile(findings, { level: 0, index: start / TILE_WIDTH, width }, { tile, hashes });
  return hashes;
}

/** Grows the tree by a part, and stops on the way wherever a root is asked for. */
function growInSteps(
  growth: Growth,
  { start, width, hashes }: Part & { hashes: Uint8Array[] | undefined },
  { sizes, onRoot }: Recomputing,
): void {
  let from = start;
  for (const size of sizes.filter((one) => one > start && one <= start + width)) {
    grow(growth, from, hashes?.slice(from - start, size - start));
    onRoot(size, growth.edge && rootOf(growth.edge));
    from = size;
  }
  if (from < start + width) grow(growth, from, hashes?.slice(from - start));
}

function grow(growth: Growth, size: number, hashes: Uint8Array[] | undefined): void {
  const { edge, upper } = growth;
  if (edge === undefined || hashes === undefined) {
    growth.edge = undefined;
    return;
  }
  growth.edge = appendLeaves(size, edge, hashes, (level, _index, hash) => {
    if (level === 0 || level % TILE_HEIGHT !== 0) return;
    const row = upper.get(level / TILE_HEIGHT);
    if (row === undefined) upper.set(level / TILE_HEIGHT, [hash]);
    else row.push(hash);
  });
}

/** The tiles above the leaves; not to be judged when too much is missing to compute them. */
async function compareUpperTiles(
  { fetch, size, findings }: Recomputing,
  { upper, edge }: Growth,
): Promise<void> {
  if (edge === undefined) return;
  const read = async (place: HashTile) => ({ place, tile: await readTile(fetch, place) });
  for await (const { place, tile } of mapInOrder(upperTilesOf(size), READ_AHEAD, read)) {
    const start = place.index * TILE_WIDTH;
    const hashes = upper.get(place.level)?.slice(start, start + place.width) ?? [];
    compareTile(findings, place, { tile, hashes });
  }
}

type HashTile = Extract<Tile, { kind: 'hashes' }>;

function* upperTilesOf(size: number): Generator<HashTile> {
  for (const tile of tilesOf(size)) if (tile.kind === 'hashes' && tile.level > 0) yield tile;
}

function compareTile(
  findings: Findings,
  { level, index, width }: Omit<HashTile, 'kind'>,
  { tile, hashes }: { tile: Uint8Array | undefined; hashes: readonly Uint8Array[] },
): void {
  const entriesAHash = TILE_WIDTH ** level;
  const place = {
    index: index * TILE_WIDTH * entriesAHash,
    count: width * entriesAHash,
    detail: `Hash tile ${index} of level ${level}.`,
  };
  if (tile === undefined) findings.add({ code: 'tile-missing', ...place });
  else if (!Buffer.concat(hashes).equals(tile)) findings.add({ code: 'tile-differs', ...place });
}
