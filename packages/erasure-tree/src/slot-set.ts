import { hashPair } from './merkle64.ts';
import { RADIX } from './place.ts';

/** Heights of siblings above a slot of a node. */
export const SLOT_SIBLINGS = Math.log2(RADIX);

/**
 * Which hashes of a node, by height and index, its used slots do not give: those beside what can be computed.
 * In the order of the computation: by height, then by index. Slots ascending.
 */
export function missingSiblings(slots: readonly number[]): { height: number; index: number }[] {
  const missing: { height: number; index: number }[] = [];
  let row = slots;
  for (let height = 0; height < SLOT_SIBLINGS; height += 1) {
    for (const [at, index] of row.entries()) {
      if (row[siblingAt(row, at)] !== (index ^ 1)) missing.push({ height, index: index ^ 1 });
    }
    row = parents(row);
  }
  return missing;
}

/**
 * The Merkle root over the 64 slots of a node from the hashes of some, slots ascending, and the siblings of
 * {@link missingSiblings}. Undefined when there are too few or too many siblings.
 */
export function rootOfSlots(
  slots: readonly { readonly slot: number; readonly hash: Uint8Array }[],
  siblings: readonly Uint8Array[],
): Uint8Array | undefined {
  let row = slots.map(({ slot, hash }) => ({ index: slot, hash }));
  let taken = 0;
  for (let height = 0; height < SLOT_SIBLINGS; height += 1) {
    const above: typeof row = [];
    for (let at = 0; at < row.length; at += 1) {
      const { index, hash } = row[at] as (typeof row)[number];
      const next = row[at + 1];
      const isPair = (index & 1) === 0 && next?.index === index + 1;
      const sibling = isPair ? next.hash : siblings[taken++];
      if (sibling === undefined) return undefined;
      if (isPair) at += 1;
      above.push({ index: index >> 1, hash: joined(index, hash, sibling) });
    }
    row = above;
  }
  return taken === siblings.length ? row[0]?.hash : undefined;
}

function joined(index: number, hash: Uint8Array, sibling: Uint8Array): Uint8Array {
  return index & 1 ? hashPair(sibling, hash) : hashPair(hash, sibling);
}

/** Where the sibling of a row's member would stand, the row being ascending. */
function siblingAt(row: readonly number[], at: number): number {
  return (row[at] as number) & 1 ? at - 1 : at + 1;
}

function parents(row: readonly number[]): number[] {
  return [...new Set(row.map((index) => index >> 1))];
}
