import { equalBytes } from '../equal-bytes.ts';
import { consistencyProof, inclusionProof } from '../merkle/build-proof.ts';
import { leafHash } from '../merkle/hash.ts';
import type { NodeCoordinate } from '../merkle/tree-shape.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { OpenCheckpoint } from '../proof/verify-tlog-proof.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';
import { decodeEntryBundle } from './entry-bundle.ts';
import { TILE_WIDTH, entryBundlePath } from './tile-path.ts';
import { VerifiedTiles, fetchFile } from './verified-tiles.ts';
import type { FetchFile } from './verified-tiles.ts';

/** A log read from tiles at one checkpoint. Whatever it answers leads to the root of the checkpoint. */
export type TileLog<Opened extends Checkpoint = Checkpoint> = {
  readonly checkpoint: Opened;
  /** The checkpoint note as it was fetched. */
  readonly note: string;
  /** The entries from `first` up to, not including, `end`; by default all. */
  entries(first?: number, end?: number): AsyncGenerator<Uint8Array>;
  inclusionProof(index: number): Promise<Uint8Array[]>;
  consistencyProof(size: number): Promise<Uint8Array[]>;
  readNodes(nodes: NodeCoordinate[]): Promise<Uint8Array[]>;
  /** Whether an earlier head is a prefix of this log. False for a head without entries. */
  extends(earlier: { size: number; root: Uint8Array }): Promise<boolean>;
};

/**
 * Opens a tlog-tiles log over any `fetch`. `open` verifies the signatures on the checkpoint note:
 * policy.verify, or openCheckpoint with its key bound. Throws what `open` throws, or TransparencyLogError
 * `tile-missing`, `malformed-tile`, `tile-contradicts`; so do the methods.
 */
export async function openTileLog<Opened extends Checkpoint>(
  fetch: FetchFile,
  open: OpenCheckpoint<Opened>,
): Promise<TileLog<Opened>> {
  const note = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    await fetchFile(fetch, 'checkpoint'),
  );
  const checkpoint = open(note);
  const { size } = checkpoint;
  const tiles = await VerifiedTiles.open(fetch, checkpoint);
  const readNodes = (nodes: NodeCoordinate[]): Promise<Uint8Array[]> => tiles.read(nodes);
  return {
    checkpoint,
    note,
    entries: (first = 0, end = size) => readEntries({ fetch, tiles, size }, first, end),
    inclusionProof: (index) => inclusionProof(index, size, readNodes),
    consistencyProof: (from) => consistencyProof(from, size, readNodes),
    readNodes,
    extends: (earlier) => extendsHead(earlier, checkpoint, readNodes),
  };
}

/**
 * Reads a whole log and believes every entry only under the root; answers how many there are. Throws as
 * {@link openTileLog} does, and `nothing-to-verify` for a log without entries.
 */
export async function verifyTileLog<Opened extends Checkpoint>(
  fetch: FetchFile,
  open: OpenCheckpoint<Opened>,
): Promise<{ checkpoint: Opened; entries: number }> {
  const log = await openTileLog(fetch, open);
  let entries = 0;
  for await (const _ of log.entries()) entries += 1;
  if (entries === 0) throw new TransparencyLogError('nothing-to-verify', 'the log has no entry');
  return { checkpoint: log.checkpoint, entries };
}

type Source = { fetch: FetchFile; tiles: VerifiedTiles; size: number };

async function* readEntries(
  source: Source,
  first: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (first < 0 || end > source.size) throw new RangeError('the range is not within the tree');
  for (let index = Math.floor(first / TILE_WIDTH); index * TILE_WIDTH < end; index += 1) {
    const start = index * TILE_WIDTH;
    const bundle = await verifiedBundle(source, index);
    yield* bundle.slice(Math.max(0, first - start), end - start);
  }
}

async function verifiedBundle(
  { fetch, tiles, size }: Source,
  index: number,
): Promise<Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
  const entries = await fetchBundle(fetch, index, width);
  const hashes = await tiles.hashes(0, index);
  const holds = entries.every((entry, at) => equalBytes(leafHash(entry), hashes[at] ?? entry));
  if (!holds || entries.length !== hashes.length) {
    throw new TransparencyLogError('tile-contradicts', 'an entry is not the one in the tree');
  }
  return entries;
}

async function fetchBundle(fetch: FetchFile, index: number, width: number): Promise<Uint8Array[]> {
  const exact = await fetch(entryBundlePath(index, width));
  if (exact !== undefined) return decodeEntryBundle(exact, width);
  const full = await fetchFile(fetch, entryBundlePath(index));
  return decodeEntryBundle(full, TILE_WIDTH).slice(0, width);
}

async function extendsHead(
  earlier: { size: number; root: Uint8Array },
  { size, root }: Checkpoint,
  readNodes: (nodes: NodeCoordinate[]) => Promise<Uint8Array[]>,
): Promise<boolean> {
  if (earlier.size < 1 || earlier.size > size) return false;
  const proof = await consistencyProof(earlier.size, size, readNodes);
  return verifyConsistency({
    size1: earlier.size,
    root1: earlier.root,
    size2: size,
    root2: root,
    proof,
  });
}
