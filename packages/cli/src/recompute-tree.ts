import { TILE_WIDTH, appendLeaves, leafHash, rootOf, tilesOf } from '@mnv/transparency-log';
import type { Checkpoint, Edge, FetchFile } from '@mnv/transparency-log';
import type { Findings } from './log-findings.ts';
import { readBundle, readHashes } from './read-tiles.ts';

const TILE_HEIGHT = 8;

export type RecomputedTree = {
  /** Entries that were read and hashed. */
  checked: number;
  /** Undefined when neither entries nor hashes were there for some part. */
  root: Uint8Array | undefined;
};

type Growth = { edge: Edge | undefined; levels: Map<number, Uint8Array[]>; checked: number };

/**
 * Reads every entry of a log, grows the whole tree anew from them, and compares every hash tile with it.
 * Where entries are missing, their stored hashes keep the tree going, so that what is there can still be
 * proven. Calls `onEntry` in order, `onGap` instead where entries are missing, and `onSize` with the root of
 * each size in `sizes`.
 */
export async function recomputeTree(options: {
  fetch: FetchFile;
  size: number;
  findings: Findings;
  onEntry: (entry: Uint8Array, index: number) => void;
  onGap: () => void;
  known: Checkpoint | undefined;
  onKnownRoot: (root: Uint8Array | undefined) => void;
}): Promise<RecomputedTree> {
  const { size, known } = options;
  const growth: Growth = { edge: [], levels: new Map(), checked: 0 };
  for (let start = 0; start < size; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - start);
    const hashes = await bundleHashes(options, growth, { start, width });
    const at = known === undefined ? -1 : known.size - start;
    if (hashes && at > 0 && at <= width) {
      grow(growth, start, hashes.slice(0, at));
      options.onKnownRoot(growth.edge && rootOf(growth.edge));
      grow(growth, start + at, hashes.slice(at));
    } else grow(growth, start, hashes);
  }
  await compareTiles(options, growth);
  return { checked: growth.checked, root: growth.edge && rootOf(growth.edge) };
}

async function bundleHashes(
  options: Parameters<typeof recomputeTree>[0],
  growth: Growth,
  { start, width }: { start: number; width: number },
): Promise<Uint8Array[] | undefined> {
  const index = start / TILE_WIDTH;
  const entries = await readBundle(options.fetch, index, width);
  if (entries !== undefined) {
    entries.forEach((entry, at) => options.onEntry(entry, start + at));
    Object.assign(growth, { checked: growth.checked + width });
    return entries.map((entry) => leafHash(entry));
  }
  const detail = 'The entries are not there, or not whole.';
  options.findings.add({ code: 'entries-missing', index: start, count: width, detail });
  options.onGap();
  return readHashes(options.fetch, { level: 0, index, width });
}

function grow(growth: Growth, size: number, hashes: Uint8Array[] | undefined): void {
  const { edge, levels } = growth;
  if (edge === undefined || hashes === undefined) {
    Object.assign(growth, { edge: undefined });
    return;
  }
  const grown = appendLeaves(size, edge, hashes, (level, index, hash) => {
    if (level % TILE_HEIGHT !== 0) return;
    const row = levels.get(level / TILE_HEIGHT) ?? [];
    levels.set(level / TILE_HEIGHT, row);
    row[index] = hash;
  });
  Object.assign(growth, { edge: grown });
}

/** Other verifiers rely on the hash tiles: each must say what the entries say. */
async function compareTiles(
  { fetch, size, findings }: Parameters<typeof recomputeTree>[0],
  { levels, edge }: Growth,
): Promise<void> {
  if (edge === undefined) return;
  for (const tile of tilesOf(size)) {
    if (tile.kind === 'entries') continue;
    const { level, index, width } = tile;
    const place = { index: index * TILE_WIDTH, detail: `hash tile of level ${level}` };
    const stored = await readHashes(fetch, tile);
    if (stored === undefined) findings.add({ code: 'tile-missing', ...place });
    else if (
      !stored.every((hash, at) => same(hash, levels.get(level)?.[index * TILE_WIDTH + at]))
    ) {
      findings.add({ code: 'tile-differs', count: width, ...place });
    }
  }
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
