import type { Edge } from '@mnv/transparency-log';
import { edgeNodesOf } from '@mnv/transparency-log';
import { HashRow } from './hash-row.ts';

/**
 * The complete subtrees of a growing tree that are kept in memory: the edge at some size and everything
 * completed since. On every level they are consecutive.
 */
export class KnownNodes {
  readonly #levels: HashRow[] = [];

  constructor(size: number, edge: Edge) {
    edgeNodesOf(size).forEach(({ level, index }, at) => {
      const hash = edge[at];
      if (hash) this.add(level, index, hash);
    });
  }

  get count(): number {
    return this.#levels.reduce((sum, row) => sum + row.length, 0);
  }

  add(level: number, index: number, hash: Uint8Array): void {
    this.#rowOf(level, index).push(hash);
  }

  /** Adds the nodes of a tree that has grown from this one. */
  addGrowth(grown: KnownNodes): void {
    grown.#levels.forEach((row, level) => this.#rowOf(level, row.first).continueWith(row));
  }

  /** Throws RangeError for a node that is not kept. */
  at(level: number, index: number): Uint8Array {
    const hash = this.#levels[level]?.at(index);
    if (!hash) throw new RangeError('the node is not kept');
    return hash;
  }

  /** Forgets what proofs from `size` or any later size do not need: all but the edge at `size` and younger. */
  forgetBefore(size: number): void {
    this.#levels.forEach((row, level) => {
      const complete = Math.floor(size / 2 ** level);
      row.dropBefore(complete % 2 === 1 ? complete - 1 : complete);
    });
  }

  #rowOf(level: number, first: number): HashRow {
    return (this.#levels[level] ??= new HashRow(first));
  }
}
