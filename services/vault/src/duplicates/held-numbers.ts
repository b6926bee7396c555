import type { IndividualNumber } from '@mnv/core';
import { makeNumberTags } from './number-tags.ts';
import type { NumberTags } from './number-tags.ts';

/** Words of a place: high and low half of the number's tag, the person's tag, the label. */
const WORDS = 4;
const LEAST_PLACES = 64;
const FULLEST = 2 / 3;
const MAX_LABEL = 2 ** 32 - 1;

/** A record that holds a number. `label` stands for it in answers: any whole number below 2^32. */
export type Holder = { number: IndividualNumber; individualRef: string; label: number };

/** One of several tables that share the numbers between them: they need the same tags. */
export type ShareOfNumbers = { tagsOf: NumberTags; part: { of: number; at: number } };

/**
 * Which numbers a tenant holds and for whom, in memory: tags under a key of its own in one flat table, 24 to 48
 * bytes a record. What was added stays until `forget`, which leaves nothing to compare with.
 */
export class HeldNumbers {
  readonly #share: ShareOfNumbers;
  #table: Uint32Array;
  #size = 0;

  /** With room for so many; it grows when there are more. */
  constructor(expected: number, share?: ShareOfNumbers) {
    this.#share = share ?? { tagsOf: makeNumberTags(), part: { of: 1, at: 0 } };
    this.#table = emptyTable(Math.max(LEAST_PLACES, Math.ceil(expected / FULLEST) + 1));
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a holder, once however often it is given. Answers the labels of all who hold the number when they are
   * more than one person; otherwise undefined. What belongs to another share is passed over.
   */
  add({ number, individualRef, label }: Holder): number[] | undefined {
    if (!Number.isInteger(label) || label < 0 || label > MAX_LABEL)
      throw new RangeError('a label is a whole number below 2^32');
    if (this.#size >= (this.#table.length / WORDS) * FULLEST) this.#grow();
    const { tagsOf, part } = this.#share;
    const { high, low, person } = tagsOf(number, individualRef);
    if (high % part.of !== part.at) return undefined;
    const { holders, free } = this.#find(high, low);
    if (!holders.some((one) => one.person === person && one.label === label)) {
      this.#table.set([high, low, person, label], free);
      this.#size += 1;
      holders.push({ person, label });
    }
    const shared = holders.some((one) => one.person !== person);
    return shared ? holders.map((one) => one.label) : undefined;
  }

  forget(): void {
    this.#table.fill(0);
    this.#table = emptyTable(LEAST_PLACES);
    this.#size = 0;
  }

  /** Who holds a number, and the free place behind them. */
  #find(high: number, low: number) {
    const holders: { person: number; label: number }[] = [];
    let at = firstPlace(this.#table, low);
    for (; !isFree(this.#table, at); at = (at + WORDS) % this.#table.length) {
      if (this.#table[at] !== high || this.#table[at + 1] !== low) continue;
      holders.push({ person: this.#table[at + 2] ?? 0, label: this.#table[at + 3] ?? 0 });
    }
    return { holders, free: at };
  }

  #grow(): void {
    const old = this.#table;
    this.#table = emptyTable((old.length / WORDS) * 2);
    for (let from = 0; from < old.length; from += WORDS) {
      if (isFree(old, from)) continue;
      let at = firstPlace(this.#table, old[from + 1] ?? 0);
      while (!isFree(this.#table, at)) at = (at + WORDS) % this.#table.length;
      this.#table.set(old.subarray(from, from + WORDS), at);
    }
    old.fill(0);
  }
}

function emptyTable(places: number): Uint32Array {
  return new Uint32Array(places * WORDS);
}

/** A tag is as good as random, so its low half spreads evenly. */
function firstPlace(table: Uint32Array, low: number): number {
  return (low % (table.length / WORDS)) * WORDS;
}

function isFree(table: Uint32Array, at: number): boolean {
  return table[at] === 0 && table[at + 1] === 0;
}
