import { equalBytes } from '../equal-bytes.ts';
import { rootOf } from '../merkle/edge.ts';
import { growTree } from '../merkle/grow-tree.ts';
import { HASH_LENGTH } from '../merkle/hash.ts';
import type { NodeCoordinate } from '../merkle/tree-shape.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';
import { TILE_WIDTH, tilePath } from './tile-path.ts';
import { TILE_HEIGHT, partialTilesOf } from './tiles-of-tree.ts';

/** Answers one resource of the log, or undefined if there is none. Nothing it answers is trusted. */
export type FetchFile = (path: string) => Promise<Uint8Array | undefined>;

type HashTile = { readonly hashes: readonly Uint8Array[]; readonly nodeAt: TileNode };
type TileNode = (level: number, index: number) => Uint8Array;

const MAX_CACHED_TILES = 256;

/**
 * Hash tiles of one checkpoint, each believed only when its hashes lead to the checkpoint's root: the
 * partial tiles of all levels together are the edge of the tree, and every full tile is one hash of a
 * tile on the level above.
 */
export class VerifiedTiles {
  readonly #fetch: FetchFile;
  readonly #size: number;
  readonly #partial = new Map<number, HashTile>();
  readonly #full = new Map<string, HashTile>();

  private constructor(fetch: FetchFile, size: number) {
    this.#fetch = fetch;
    this.#size = size;
  }

  /** Fetches the edge of the tree. Throws TransparencyLogError if a tile is missing or contradicts the root. */
  static async open(fetch: FetchFile, { size, root }: Checkpoint): Promise<VerifiedTiles> {
    const tiles = new VerifiedTiles(fetch, size);
    const edge: Uint8Array[] = [];
    for (const { level, index, width } of partialTilesOf(size)) {
      const tile = tileOf(await fetchPartialTile(fetch, { level, index, width }), width);
      tiles.#partial.set(level, tile);
      edge.unshift(...growTree(0, [], tile.hashes).edge);
    }
    if (!equalBytes(rootOf(edge), root)) throw contradiction();
    return tiles;
  }

  /** The hashes of complete subtrees of the tree, verified. */
  async read(nodes: readonly NodeCoordinate[]): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (const node of nodes) hashes.push(await this.#node(node));
    return hashes;
  }

  /** The hash tile at `index` of `level`, of the width it has in this tree. */
  async hashes(level: number, index: number): Promise<readonly Uint8Array[]> {
    return (await this.#tile(level, index)).hashes;
  }

  async #node({ level, index }: NodeCoordinate): Promise<Uint8Array> {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const within = level % TILE_HEIGHT;
    const perTile = TILE_WIDTH / 2 ** within;
    const tile = await this.#tile(tileLevel, Math.floor(index / perTile));
    return tile.nodeAt(within, index % perTile);
  }

  async #tile(level: number, index: number): Promise<HashTile> {
    const onLevel = Math.floor(this.#size / TILE_WIDTH ** level);
    if (index < Math.floor(onLevel / TILE_WIDTH)) return this.#fullTile(level, index);
    const partial =
      index === Math.floor(onLevel / TILE_WIDTH) ? this.#partial.get(level) : undefined;
    if (partial === undefined) throw new RangeError('the tree has no such tile');
    return partial;
  }

  async #fullTile(level: number, index: number): Promise<HashTile> {
    const path = tilePath(level, index);
    const known = this.#full.get(path);
    if (known !== undefined) return known;
    const parent = await this.#tile(level + 1, Math.floor(index / TILE_WIDTH));
    const tile = tileOf(await fetchFile(this.#fetch, path), TILE_WIDTH);
    const expected = parent.hashes[index % TILE_WIDTH];
    if (expected === undefined || !equalBytes(tile.nodeAt(TILE_HEIGHT, 0), expected)) {
      throw contradiction();
    }
    this.#remember(path, tile);
    return tile;
  }

  #remember(path: string, tile: HashTile): void {
    const [oldest] = this.#full.keys();
    if (this.#full.size >= MAX_CACHED_TILES && oldest !== undefined) this.#full.delete(oldest);
    this.#full.set(path, tile);
  }
}

/** The resource; throws TransparencyLogError `tile-missing`. */
export async function fetchFile(fetch: FetchFile, path: string): Promise<Uint8Array> {
  const bytes = await fetch(path);
  if (bytes === undefined) throw new TransparencyLogError('tile-missing', 'a tile is missing');
  return bytes;
}

/** A log may delete a partial tile once the full one is there: then that is cut to the width. */
async function fetchPartialTile(
  fetch: FetchFile,
  { level, index, width }: { level: number; index: number; width: number },
): Promise<Uint8Array> {
  const partial = await fetch(tilePath(level, index, width));
  if (partial !== undefined) return partial;
  const full = await fetchFile(fetch, tilePath(level, index));
  return full.subarray(0, width * HASH_LENGTH);
}

function tileOf(bytes: Uint8Array, width: number): HashTile {
  if (bytes.length !== width * HASH_LENGTH) {
    throw new TransparencyLogError('malformed-tile', 'not a hash tile of the width asked for');
  }
  const hashes = Array.from({ length: width }, (_, at) =>
    bytes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
  );
  return { hashes, nodeAt: growTree(0, [], hashes).nodeAt };
}

function contradiction(): TransparencyLogError {
  return new TransparencyLogError('tile-contradicts', 'a tile does not lead to the root');
}
