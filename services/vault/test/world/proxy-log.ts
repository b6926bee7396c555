import type { KeyObject } from 'node:crypto';
import {
  appendLeaves,
  consistencyProofSync,
  formatCheckpoint,
  leafHash,
  noteSigner,
  rangeProofSync,
  rootOf,
  signNote,
} from '@mnv/transparency-log';

/** An access log in memory whose signing key the test holds: it can say about the log whatever it likes. */
export class ProxyLog {
  readonly origin: string;
  readonly #key: KeyObject;
  readonly #entries: Buffer[] = [];
  readonly #nodes = new Map<string, Uint8Array>();

  constructor(origin: string, key: KeyObject) {
    this.origin = origin;
    this.#key = key;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Appends entries and answers the index of the first. */
  append(entries: readonly Buffer[]): number {
    const first = this.size;
    appendLeaves(
      first,
      this.#edge(first),
      entries.map((entry) => leafHash(entry)),
      (level, index, hash) => this.#nodes.set(`${level}/${index}`, hash),
    );
    this.#entries.push(...entries);
    return first;
  }

  entriesFrom(first: number, n: number): Buffer[] {
    return this.#entries.slice(first, first + n);
  }

  /** The same log up to a size, to be continued otherwise. */
  fork(size = this.size): ProxyLog {
    const other = new ProxyLog(this.origin, this.#key);
    other.append(this.#entries.slice(0, size));
    return other;
  }

  rootAt(size: number): Uint8Array {
    return rootOf(this.#edge(size));
  }

  checkpoint(size = this.size, { key = this.#key, origin = this.origin } = {}): string {
    const text = formatCheckpoint({ origin, size, root: this.rootAt(size) });
    return signNote(text, [noteSigner(origin, key)]);
  }

  rangeProof(first: number, n: number, size = this.size): string[] {
    return base64All(rangeProofSync(first, n, { size, nodeAt: this.#nodeAt }));
  }

  /** Between two sizes in either order; from nothing there is nothing to prove. */
  consistency(from: number, to: number): { from: number; proof: string[] } {
    const [size1, size2] = [Math.min(from, to), Math.max(from, to)];
    if (size1 === 0 || size1 === size2) return { from, proof: [] };
    return { from, proof: base64All(consistencyProofSync(size1, size2, this.#nodeAt)) };
  }

  readonly #nodeAt = (level: number, index: number): Uint8Array => {
    const node = this.#nodes.get(`${level}/${index}`);
    if (!node) throw new RangeError('no such node');
    return node;
  };

  /** The complete subtrees of a size, left to right. */
  #edge(size: number): Uint8Array[] {
    const edge: Uint8Array[] = [];
    let end = 0;
    for (let level = 30; level >= 0; level -= 1) {
      if (Math.floor(size / 2 ** level) % 2 === 0) continue;
      edge.push(this.#nodeAt(level, end / 2 ** level));
      end += 2 ** level;
    }
    return edge;
  }
}

function base64All(hashes: readonly Uint8Array[]): string[] {
  return hashes.map((hash) => Buffer.from(hash).toString('base64'));
}
