import type { NodeGroup } from './node-groups.ts';
import { comparePlaces, placeKey } from './place.ts';
import type { Place } from './place.ts';
import { StaleNodeError } from './tree-store.ts';
import type { TreeNode, TreeStore } from './tree-store.ts';

export type LockedRows = { at(place: Place): TreeNode };

/**
 * Locks parents and children in the order of all transactions. The lock of a tenant node holds the height of
 * its tree still; a tree that grew before it makes the runner look again.
 */
export async function lockGroups<Tx>(
  store: TreeStore<Tx>,
  groups: readonly NodeGroup[],
  tx: Tx,
): Promise<LockedRows> {
  const places = groups.flatMap(({ parent, children }) => [parent, ...children]);
  const rows = await store.lockNodes(places.toSorted(comparePlaces), tx);
  if (rows.length !== places.length) throw new StaleNodeError();
  const tenant = groups[0]?.tenant;
  const now = tenant && (await store.findTenant(tenant.tenantId, tx));
  if (now?.height !== tenant?.height) throw new StaleNodeError();
  const byPlace = new Map(rows.map((row) => [placeKey(row.place), row]));
  return { at: (place) => byPlace.get(placeKey(place)) as TreeNode };
}
