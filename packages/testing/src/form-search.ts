import type { SecretForm } from './number-forms.ts';

/** Taken once: jest looks a global up anew at every use, and this one is used for every byte. */
const { imul } = Math;

const KEY_BYTES = 6;
const FILTER_BITS = 24;
/** Knuth's multiplicative hash. */
const SPREAD = 0x9e37_79b1;
const SPREAD_REST = 0x85eb_ca6b;

/** Where a form stands in what was searched. */
export interface FoundForm extends SecretForm {
  readonly offset: number;
}

/**
 * Looks for thousands of forms at once: a filter over six bytes passes over nearly every place, a table over the
 * same names the few forms left to compare. The work does not grow with their count.
 */
export class FormSearch {
  readonly longest: number;
  readonly #filter = new Uint8Array(2 ** (FILTER_BITS - 3));
  readonly #byKey = new Map<number, SecretForm[]>();

  /** Throws a RangeError for a form that is too short to be told from chance. */
  constructor(forms: readonly SecretForm[]) {
    this.longest = Math.max(0, ...forms.map(({ bytes }) => bytes.length));
    for (const form of forms) {
      if (form.bytes.length < KEY_BYTES) throw new RangeError('a form needs six bytes');
      const hash = hashOf(form.bytes.readInt32BE(0), form.bytes.readUInt16BE(4));
      this.#filter[hash >>> 3] = (this.#filter[hash >>> 3] ?? 0) | (1 << (hash & 7));
      const key = form.bytes.readUIntBE(0, KEY_BYTES);
      const others = this.#byKey.get(key);
      if (others) others.push(form);
      else this.#byKey.set(key, [form]);
    }
  }

  /** Every form that begins and ends within these bytes. */
  find(bytes: Buffer): FoundForm[] {
    const found: FoundForm[] = [];
    for (let at = this.#nextCandidate(bytes, 0); at >= 0; at = this.#nextCandidate(bytes, at + 1)) {
      for (const form of this.#byKey.get(bytes.readUIntBE(at, KEY_BYTES)) ?? []) {
        const end = at + form.bytes.length;
        if (end <= bytes.length && form.bytes.compare(bytes, at, end) === 0)
          found.push({ ...form, offset: at });
      }
    }
    return found;
  }

  /** The next place that the filter does not rule out; -1: none. Every byte passes here: kept plain. */
  #nextCandidate(bytes: Buffer, from: number): number {
    const filter = this.#filter;
    const last = bytes.length - KEY_BYTES;
    if (from > last) return -1;
    let word = bytes.readInt32BE(from);
    let rest = bytes.readUInt16BE(from + 4);
    for (let at = from; at <= last; at += 1) {
      const hash = hashOf(word, rest);
      if (((filter[hash >>> 3] as number) & (1 << (hash & 7))) !== 0) return at;
      word = (word << 8) | (rest >>> 8);
      rest = ((rest << 8) & 0xffff) | (bytes[at + KEY_BYTES] as number);
    }
    return -1;
  }
}

/** Of the first four bytes and the two behind them: many files are zeros, and so begin some numbers. */
function hashOf(word: number, rest: number): number {
  return imul(word ^ imul(rest, SPREAD_REST), SPREAD) >>> (32 - FILTER_BITS);
}
