import type { EvidenceRoot } from '@mnv/disposal-certificate';
import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KnownRoot } from '@mnv/erasure-tree';
import type { PlacedEntry } from '../control/control-search.repository.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import { findPlanned } from './find-planned.ts';
import { findReplacement } from './find-replacement.ts';

type RootsInUse = Pick<EpochDependencies, 'tree' | 'findFlip' | 'graceMs'> & {
  search(wanted: { from: number; text: string }): Promise<PlacedEntry[]>;
};

/** Every root version that is not destroyed, oldest first, and when it will be if the gate before it opens. */
export async function livingRoots(deps: RootsInUse): Promise<EvidenceRoot[]> {
  const { parts } = deps.tree;
  const { kind, assurance } = parts.root.describe();
  const { older, newer } = await rootsBesideHead(parts);
  const head = await parts.store.readHead();
  const current = head && {
    ref: head.rootRef,
    epoch: head.epoch,
    status: await parts.root.status(head.rootRef),
  };
  const roots: EvidenceRoot[] = [];
  for (const { ref, epoch, status } of [...older, ...(current ? [current] : []), ...newer]) {
    if (status === 'destroyed' || status === 'unknown') continue;
    const destroyAt = await plannedEnd({ ref, epoch }, older, deps);
    roots.push({
      ref,
      epoch,
      status,
      kind,
      assurance,
      ...(destroyAt !== undefined && { destroyAt }),
    });
  }
  return roots;
}

/** As announced; before that, from the moment of its replacement. The root version in use has no end yet. */
async function plannedEnd(
  { ref, epoch }: { ref: string; epoch: number },
  older: readonly KnownRoot[],
  deps: RootsInUse,
): Promise<number | undefined> {
  const announced = await findPlanned(ref, deps.search);
  if (announced) return announced.at;
  const replacedAt = await findReplacement(epoch, older, deps);
  return replacedAt === undefined ? undefined : replacedAt + deps.graceMs;
}
