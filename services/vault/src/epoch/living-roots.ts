import type { EvidenceRoot } from '@mnv/disposal-certificate';
import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KeyTree } from '@mnv/erasure-tree';
import type { PlacedEntry } from '../control/control-search.repository.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';

/** Every root version that is not destroyed, oldest first, and when it will be, as far as that is ordered. */
export async function livingRoots(deps: {
  tree: KeyTree<KeyTreeTransaction>;
  search(wanted: { from: number; text: string }): Promise<PlacedEntry[]>;
}): Promise<EvidenceRoot[]> {
  const { parts } = deps.tree;
  const { kind, assurance } = parts.root.describe();
  const { older, newer } = await rootsBesideHead(parts);
  const head = await parts.store.readHead();
  const current = head && {
    ref: head.rootRef,
    epoch: head.epoch,
    status: await parts.root.status(head.rootRef),
  };
  const ordered = await destructionsOrdered(deps);
  return [...older, ...(current ? [current] : []), ...newer].flatMap(({ ref, epoch, status }) => {
    if (status === 'destroyed' || status === 'unknown') return [];
    const destroyAt = ordered.get(ref);
    return [{ ref, epoch, status, kind, assurance, ...(destroyAt !== undefined && { destroyAt }) }];
  });
}

async function destructionsOrdered({
  search,
}: {
  search(wanted: { from: number; text: string }): Promise<PlacedEntry[]>;
}): Promise<Map<string, number>> {
  const found = await search({ from: 0, text: '"op":"root.destroy-scheduled"' });
  return new Map(
    found.flatMap(({ entry }) =>
      entry.op === 'root.destroy-scheduled' ? [[entry.root, entry.at] as const] : [],
    ),
  );
}
