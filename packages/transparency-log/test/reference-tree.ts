import { createHash } from 'node:crypto';

/** RFC 6962 §2.1 written down as the text has it: slow, and sharing nothing with the package. */
export type Entries = readonly Uint8Array[];

export function entriesOf(n: number, seed = ''): Uint8Array[] {
  return Array.from({ length: n }, (_, at) => Buffer.from(`${seed}entry ${at}`));
}

export function leafOf(entry: Uint8Array): Uint8Array {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest();
}

/** MTH(D[n]). */
export function treeHash(entries: Entries): Uint8Array {
  const [only] = entries;
  if (only === undefined) return createHash('sha256').digest();
  if (entries.length === 1) return leafOf(only);
  const k = split(entries.length);
  const [left, right] = [treeHash(entries.slice(0, k)), treeHash(entries.slice(k))];
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** PATH(m, D[n]), §2.1.1. */
export function path(m: number, entries: Entries): Uint8Array[] {
  if (entries.length === 1) return [];
  const k = split(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m < k ? [...path(m, left), treeHash(right)] : [...path(m - k, right), treeHash(left)];
}

/** PROOF(m, D[n]), §2.1.2. */
export function proof(m: number, entries: Entries): Uint8Array[] {
  return subproof(m, entries, 'whole');
}

function subproof(m: number, entries: Entries, known: 'whole' | 'part'): Uint8Array[] {
  if (m === entries.length) return known === 'whole' ? [] : [treeHash(entries)];
  const k = split(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m <= k
    ? [...subproof(m, left, known), treeHash(right)]
    : [...subproof(m - k, right, 'part'), treeHash(left)];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
