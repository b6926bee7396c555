import type { KnownRoot } from '@mnv/erasure-tree';
import type { EpochDependencies } from './epoch-dependencies.ts';

/** When (ms) the next root version that the tree ever stood on replaced that of an epoch; undefined: not yet. */
export async function findReplacement(
  epoch: number,
  older: readonly Pick<KnownRoot, 'epoch'>[],
  { tree, findFlip }: Pick<EpochDependencies, 'tree' | 'findFlip'>,
): Promise<number | undefined> {
  const head = await tree.parts.store.readHead();
  const later = [...older.map((one) => one.epoch), head?.epoch ?? 0].filter((one) => one > epoch);
  for (const one of later) {
    const flippedAt = await findFlip(one);
    if (flippedAt !== undefined) return flippedAt;
  }
  return undefined;
}
