import { HASH_LENGTH } from '@mnv/transparency-log';

/** As much as an array can hold within the heap: most rows of a small batch never have more. */
const SMALLEST = 2 * HASH_LENGTH;

/**
 * Hashes with consecutive indices, one after another in one piece of memory: tens of thousands of them as
 * objects of their own would be the most that the collector has to walk through in the whole process.
 */
export class HashRow {
  #first: number;
  #length = 0;
  #bytes = new Uint8Array(SMALLEST);

  constructor(first: number) {
    this.#first = first;
  }

  get first(): number {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of the hash of this index, or undefined when it is not here. */
  at(index: number): Uint8Array | undefined {
    const start = (index - this.#first) * HASH_LENGTH;
    const isHere = start >= 0 && index - this.#first < this.#length;
    return isHere ? this.#bytes.slice(start, start + HASH_LENGTH) : undefined;
  }

  push(hash: Uint8Array): void {
    this.#append(hash, 1);
  }

  /** Takes over what another row has behind the end of this one. */
  continueWith(other: HashRow): void {
    const known = Math.max(0, this.#first + this.#length - other.#first);
    const added = other.#length - known;
    if (added <= 0) return;
    const bytes = other.#bytes.subarray(known * HASH_LENGTH, other.#length * HASH_LENGTH);
    this.#append(bytes, added);
  }

  dropBefore(first: number): void {
    const dropped = Math.min(Math.max(0, first - this.#first), this.#length);
    if (dropped === 0) return;
    this.#bytes.copyWithin(0, dropped * HASH_LENGTH, this.#length * HASH_LENGTH);
    this.#first += dropped;
    this.#length -= dropped;
  }

  #append(bytes: Uint8Array, count: number): void {
    const end = this.#length * HASH_LENGTH;
    if (end + bytes.length > this.#bytes.length) this.#grow(end + bytes.length);
    this.#bytes.set(bytes, end);
    this.#length += count;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, needed));
    grown.set(this.#bytes.subarray(0, this.#length * HASH_LENGTH));
    this.#bytes = grown;
  }
}
