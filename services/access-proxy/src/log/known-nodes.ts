import type { Edge } from '@mnv/transparency-log';
import { edgeNodesOf } from '@mnv/transparency-log';

/**
 * The complete subtrees of a growing tree that are kept in memory: the edge at some size and everything
 * completed since. On every level they are consecutive.
 */
export class KnownNodes {
  readonly #levels: { base: number; hashes: Uint8Array[] }[] = [];
  #count = 0;

  constructor(size: number, edge: Edge) {
    edgeNodesOf(size).forEach(({ level, index }, at) => {
      const hash = edge[at];
      if (hash) this.add(level, index, hash);
    });
  }

  get count(): number {
    return this.#count;
  }

  add(level: number, index: number, hash: Uint8Array): void {
    this.#count += 1;
    const row = this.#levels[level];
    if (row) row.hashes.push(hash);
    else this.#levels[level] = { base: index, hashes: [hash] };
  }

  /** Throws RangeError for a node that is not kept. */
  at(level: number, index: number): Uint8Array {
    const row = this.#levels[level];
    const hash = row?.hashes[index - row.base];
    if (!hash) throw new RangeError('the node is not kept');
    return hash;
  }

  /** Forgets what proofs from `size` or any later size do not need: all but the edge at `size` and younger. */
  forgetBefore(size: number): void {
    this.#levels.forEach((row, level) => {
      const complete = Math.floor(size / 2 ** level);
      const first = complete % 2 === 1 ? complete - 1 : complete;
      const dropped = Math.min(Math.max(0, first - row.base), row.hashes.length);
      row.hashes.splice(0, dropped);
      row.base += dropped;
      this.#count -= dropped;
    });
  }
}
