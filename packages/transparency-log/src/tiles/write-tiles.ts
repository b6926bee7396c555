import { appendLeaves, rootOf } from '../merkle/edge.ts';
import type { Edge } from '../merkle/edge.ts';
import { equalBytes } from '../equal-bytes.ts';
import { leafHash } from '../merkle/hash.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { parseNote } from '../note/note-text.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';
import { encodeEntryBundle } from './entry-bundle.ts';
import { TILE_WIDTH, entryBundlePath, tilePath } from './tile-path.ts';
import { TILE_HEIGHT } from './tiles-of-tree.ts';

/** Keeps one resource of the log under its path. When it resolves the resource is as durable as it gets. */
export type PutFile = (path: string, bytes: Uint8Array) => Promise<void>;

export type TilesToWrite = {
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  put: PutFile;
  /** The signed note over exactly these entries; it is written last, and as it is. */
  checkpoint?: string;
};

/**
 * Writes a whole log as C2SP tlog-tiles, one tile in memory at a time: full tiles, then the partial
 * ones, then the checkpoint, so that a checkpoint that is there has its tiles.
 * Throws TransparencyLogError `tile-contradicts` if the checkpoint is not the entries', and then writes
 * no checkpoint; NoteError if it is malformed; RangeError for an entry over 65,535 octets.
 */
export async function writeTiles({
  entries,
  put,
  checkpoint,
}: TilesToWrite): Promise<{ size: number; root: Uint8Array }> {
  const writer = new TileWriter(put);
  for await (const entry of entries) await writer.add(entry);
  const tree = await writer.finish();
  if (checkpoint !== undefined) {
    requireCheckpointOf(tree, checkpoint);
    await put('checkpoint', new TextEncoder().encode(checkpoint));
  }
  return tree;
}

/** The tiles under construction: the open bundle, and the open hash tile of every level. */
class TileWriter {
  readonly #put: PutFile;
  readonly #levels: Uint8Array[][] = [];
  #bundle: Uint8Array[] = [];
  #size = 0;
  #edge: Edge = [];

  constructor(put: PutFile) {
    this.#put = put;
  }

  async add(entry: Uint8Array): Promise<void> {
    this.#bundle.push(entry);
    const size = this.#size;
    this.#edge = appendLeaves(size, this.#edge, [leafHash(entry)], (level, _index, hash) => {
      if (level % TILE_HEIGHT === 0) (this.#levels[level / TILE_HEIGHT] ??= []).push(hash);
    });
    this.#size = size + 1;
    if (this.#size % TILE_WIDTH === 0) await this.#putFullTiles();
  }

  async finish(): Promise<{ size: number; root: Uint8Array }> {
    await this.#putBundle();
    for (const level of this.#levels.keys()) await this.#putTile(level);
    return { size: this.#size, root: rootOf(this.#edge) };
  }

  async #putFullTiles(): Promise<void> {
    await this.#putBundle();
    for (const [level, hashes] of this.#levels.entries()) {
      if (hashes.length === TILE_WIDTH) await this.#putTile(level);
    }
  }

  async #putBundle(): Promise<void> {
    if (this.#bundle.length === 0) return;
    const index = Math.floor((this.#size - 1) / TILE_WIDTH);
    const path = entryBundlePath(index, this.#bundle.length);
    await this.#put(path, encodeEntryBundle(this.#bundle));
    this.#bundle = [];
  }

  async #putTile(level: number): Promise<void> {
    const hashes = this.#levels[level] ?? [];
    if (hashes.length === 0) return;
    const total = Math.floor(this.#size / TILE_WIDTH ** level);
    const index = Math.floor((total - 1) / TILE_WIDTH);
    await this.#put(tilePath(level, index, hashes.length), Buffer.concat(hashes));
    this.#levels[level] = [];
  }
}

function requireCheckpointOf(tree: { size: number; root: Uint8Array }, note: string): void {
  const { size, root } = parseCheckpoint(parseNote(note).text);
  if (size !== tree.size || !equalBytes(root, tree.root)) {
    throw new TransparencyLogError('tile-contradicts', 'the checkpoint is not of these entries');
  }
}
