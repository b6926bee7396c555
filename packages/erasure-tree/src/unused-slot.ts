import { hashAt } from './merkle64.ts';
import { RADIX } from './place.ts';
import { EMPTY_SLOT } from './slot-hash.ts';
import type { TreeNode } from './tree-store.ts';

/** Whether a position of a leaf was never given out: neither living nor erased. */
export function isSlotUnused({ slotHashes }: Pick<TreeNode, 'slotHashes'>, position: number) {
  return hashAt(slotHashes, position % RADIX).equals(EMPTY_SLOT);
}
