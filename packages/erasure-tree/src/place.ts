/** Children of a node, slots of a leaf. */
export const RADIX = 64;
/** The tree over tenant ordinals. The tree of a tenant has the tenant's ordinal (from 1) as its number. */
export const S_TREE = 0;
/** The S-tree has a fixed height, so that no tenant ever makes the root seal outside an epoch. */
export const S_HEIGHT = 3;
export const MAX_ORDINAL = RADIX ** S_HEIGHT - 1;
/** The tenant node stands above the tenant's key tree, whatever its height. Its slot 0 is the top's key. */
export const TENANT_LEVEL = 16;
/** 64^8 = 2^48 positions a tenant: safe integers everywhere. */
export const MAX_HEIGHT = 8;

/** Where a node stands. Level 0 are leaves. */
export type Place = { readonly tree: number; readonly level: number; readonly index: number };

/** A tenant's key tree as far as paths need it. `height` counts the levels including the leaves. */
export type TenantTree = {
  readonly tenantId: string;
  readonly ordinal: number;
  readonly height: number;
};

/** A slot of a node: which child secret. */
export type Slot = { readonly place: Place; readonly slot: number };

export const S_ROOT: Place = { tree: S_TREE, level: S_HEIGHT - 1, index: 0 };

/** The leaf that holds a position, and the slot in it. */
export function slotOfPosition(tree: number, position: number): Slot {
  const place = { tree, level: 0, index: Math.floor(position / RADIX) };
  return { place, slot: position % RADIX };
}

export function tenantPlace(ordinal: number): Place {
  return { tree: ordinal, level: TENANT_LEVEL, index: 0 };
}

/** The slot that holds a node's key, or undefined for the S-root, whose key the root version seals. */
export function parentSlot(place: Place, tenant: TenantTree | undefined): Slot | undefined {
  if (place.tree === S_TREE) return place.level === S_HEIGHT - 1 ? undefined : above(place);
  if (place.level === TENANT_LEVEL) return slotOfPosition(S_TREE, place.tree);
  if (tenant === undefined || tenant.ordinal !== place.tree)
    throw new RangeError('not in this tree');
  if (place.level < tenant.height - 1) return above(place);
  return { place: tenantPlace(place.tree), slot: 0 };
}

function above({ tree, level, index }: Place): Slot {
  const place = { tree, level: level + 1, index: Math.floor(index / RADIX) };
  return { place, slot: index % RADIX };
}

/** Every slot on the way up, nearest first, ending with a slot of the S-root. */
export function slotsAbove(place: Place, tenant: TenantTree | undefined): Slot[] {
  const slots: Slot[] = [];
  for (let at = parentSlot(place, tenant); at; at = parentSlot(at.place, tenant)) slots.push(at);
  return slots;
}

/** A map key. */
export function placeKey({ tree, level, index }: Place): string {
  return `${tree}/${level}/${index}`;
}

/** Ascending (tree, level, index): the order in which every transaction locks nodes. */
export function comparePlaces(a: Place, b: Place): number {
  return a.tree - b.tree || a.level - b.level || a.index - b.index;
}
