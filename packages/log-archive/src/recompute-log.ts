import { TILE_WIDTH, appendLeaves, edgeToBytes, leafHash, rootOf } from '@mnv/transparency-log';
import type { Checkpoint, Edge, OnNode, Policy, TileStore } from '@mnv/transparency-log';
import type { FsckFindings } from './fsck-findings.ts';
import type { BatchRow } from './log-ledger.ts';
import { hashesOfTile } from './segment-tiles.ts';

const TILE_HEIGHT = 8;

type Recomputing = {
  origin: string;
  tiles: Pick<TileStore, 'findTile'>;
  policy: Policy;
  findings: FsckFindings;
  decode(bytes: Uint8Array): { t: number };
};

/**
 * A log grown anew, from its hash tiles where entries have left, from the entries everywhere else; whatever is
 * stored on the way is compared with it. Memory: one open tile for each level.
 */
export class RecomputedLog {
  readonly #log: Recomputing;
  readonly #open = new Map<number, Uint8Array[]>();
  #edge: Edge = [];
  #lastTime = 0;
  size = 0;

  constructor(log: Recomputing) {
    this.#log = log;
  }

  /** Grows by the stored leaf hashes up to `end`; false when they are not all there. */
  async growByTiles(end: number): Promise<boolean> {
    while (this.size < end) {
      const idx = this.size / TILE_WIDTH;
      const tile = await this.#log.tiles.findTile({ level: 0, idx });
      const hashes = tile && hashesOfTile(tile);
      if (!hashes) {
        const detail = 'Entries left the database, and their hashes are not there.';
        this.#log.findings.add({ code: 'tile-missing', index: this.size, detail });
        return false;
      }
      await this.#grow(hashes.slice(0, end - this.size));
    }
    return true;
  }

  /** Grows by a stored batch, and compares all that is stored about it. */
  async growByBatch(row: BatchRow): Promise<void> {
    const { findings } = this.#log;
    const index = row.start;
    if (row.entries.length !== row.n)
      findings.add({ code: 'batch-malformed', index, detail: 'It holds not as many as it says.' });
    this.#judgeEntries(row);
    await this.#grow(row.entries.map((entry) => leafHash(entry)));
    if (Buffer.compare(edgeToBytes(this.#edge), row.edge) !== 0)
      findings.add({ code: 'edge-differs', index, detail: 'The stored edge is not the tree’s.' });
    if (Buffer.compare(rootOf(this.#edge), row.root) !== 0)
      findings.add({ code: 'root-differs', index, detail: 'The stored root is not the tree’s.' });
    this.#judgeCheckpoint(row);
  }

  #judgeEntries({ start, entries }: BatchRow): void {
    const { findings } = this.#log;
    entries.forEach((bytes, at) => {
      const index = start + at;
      const time = this.#timeOf(bytes);
      if (time === undefined) {
        const detail = 'It is not an entry in its one exact form.';
        findings.add({ code: 'entry-malformed', index, detail });
        return;
      }
      if (time < this.#lastTime) {
        const detail = 'The entry is older than the one before it.';
        findings.add({ code: 'clock-went-back', index, detail });
      }
      this.#lastTime = time;
    });
  }

  #timeOf(bytes: Uint8Array): number | undefined {
    try {
      return this.#log.decode(bytes).t;
    } catch {
      return undefined;
    }
  }

  #judgeCheckpoint({ start, checkpoint }: BatchRow): void {
    const { findings } = this.#log;
    const signed = this.#signedIn(checkpoint);
    if (!signed) {
      const detail = 'No key of the policy signed it.';
      findings.add({ code: 'checkpoint-not-accepted', index: start, detail });
    } else if (signed.size !== this.size || Buffer.compare(signed.root, rootOf(this.#edge)) !== 0) {
      const detail = 'It signs another tree than the stored one.';
      findings.add({ code: 'checkpoint-differs', index: start, detail });
    }
  }

  #signedIn(note: string): Checkpoint | undefined {
    const { origin, policy } = this.#log;
    try {
      return policy.openSigned(note, { origin });
    } catch {
      return undefined;
    }
  }

  async #grow(hashes: readonly Uint8Array[]): Promise<void> {
    const complete: { level: number; idx: number; hashes: Uint8Array[] }[] = [];
    const onNode: OnNode = (height, index, hash) => {
      if (height % TILE_HEIGHT !== 0) return;
      const level = height / TILE_HEIGHT;
      const open = this.#open.get(level) ?? [];
      open.push(hash);
      this.#open.set(level, open);
      if (open.length < TILE_WIDTH) return;
      complete.push({ level, idx: Math.floor(index / TILE_WIDTH), hashes: open });
      this.#open.delete(level);
    };
    this.#edge = appendLeaves(this.size, this.#edge, hashes, onNode);
    this.size += hashes.length;
    for (const { level, idx, hashes: own } of complete) await this.#compareTile(level, idx, own);
  }

  /** Tiles are derived when they are first asked for, so one may be missing, but none may differ. */
  async #compareTile(level: number, idx: number, hashes: Uint8Array[]): Promise<void> {
    const stored = await this.#log.tiles.findTile({ level, idx });
    if (!stored || Buffer.concat(hashes).equals(stored)) return;
    const index = idx * TILE_WIDTH ** (level + 1);
    const detail = `Hash tile ${idx} of level ${level}.`;
    this.#log.findings.add({ code: 'tile-differs', index, detail });
  }
}
