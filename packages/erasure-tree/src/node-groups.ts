import { parentSlot, placeKey } from './place.ts';
import type { Place, TenantTree } from './place.ts';

/** A parent and those of its children that a transaction works on. */
export type NodeGroup = {
  readonly tenant: TenantTree | undefined;
  readonly parent: Place;
  readonly children: readonly Place[];
};

/** A transaction holds its rows for some ten milliseconds: insertions into them wait no longer. */
const MAX_PARENTS = 16;
const MAX_CHILDREN = 128;

/** Groups nodes of one level. The S-root has no parent and is left out. */
export function groupByParent(
  places: readonly Place[],
  tenant: TenantTree | undefined,
): NodeGroup[] {
  const groups = new Map<string, { parent: Place; children: Place[] }>();
  for (const place of places) {
    const parent = parentSlot(place, tenant)?.place;
    if (parent === undefined) continue;
    const group = groups.get(placeKey(parent)) ?? { parent, children: [] };
    group.children.push(place);
    groups.set(placeKey(parent), group);
  }
  return [...groups.values()].map((group) => ({ tenant, ...group }));
}

/** Groups as small transactions take them. */
export function* chunksOf(groups: readonly NodeGroup[]): Generator<NodeGroup[]> {
  let chunk: NodeGroup[] = [];
  let children = 0;
  for (const group of groups) {
    const full = chunk.length === MAX_PARENTS || children + group.children.length > MAX_CHILDREN;
    if (full && chunk.length > 0) {
      yield chunk;
      chunk = [];
      children = 0;
    }
    chunk.push(group);
    children += group.children.length;
  }
  if (chunk.length > 0) yield chunk;
}
