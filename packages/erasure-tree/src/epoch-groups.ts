import type { ErasurePlan } from './erasure-plan.ts';
import { RADIX, S_HEIGHT, S_TREE, parentSlot, placeKey, tenantPlace } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import { UnknownTenantError } from './tenant-trees.ts';
import type { TreeStore } from './tree-store.ts';

/** A parent and those of its children that need a fresh key. */
export type RekeyGroup = {
  readonly tenant: TenantTree | undefined;
  readonly parent: Place;
  readonly children: readonly Place[];
};

/** A transaction holds its rows for some ten milliseconds: insertions into them wait no longer. */
const MAX_PARENTS = 16;
const MAX_CHILDREN = 128;
/** How many places one look takes in: a resumed epoch passes quickly over what is done. */
const LOOK = 1024;

/**
 * What an epoch still has to re-key, read from the nodes themselves, children before parents: every path
 * from an erased position up to, but not including, the S-root. The order carries the whole promise. If a
 * parent got its fresh key first, that key would seal, for a moment, the old key of a child that has sealed
 * erased keys; and a moment is enough for a backup.
 */
export async function* groupsToRekey<Tx>(
  store: TreeStore<Tx>,
  plan: ErasurePlan,
): AsyncGenerator<RekeyGroup[]> {
  const ordinals: number[] = [];
  for (const [tenantId, positions] of plan.items) {
    if (positions.length === 0) continue;
    const { ordinal } = await requireTenant(store, tenantId);
    ordinals.push(ordinal);
    yield* tenantGroups(store, { plan, tenantId, positions });
  }
  yield* tenantsGroups(store, { plan, ordinals });
}

type TenantWork = { plan: ErasurePlan; tenantId: string; positions: readonly number[] };

/** The tree may grow while the epoch runs: the height is read again for every level. */
async function* tenantGroups<Tx>(
  store: TreeStore<Tx>,
  { plan, tenantId, positions }: TenantWork,
): AsyncGenerator<RekeyGroup[]> {
  let indices = indicesAbove(positions);
  let tenant = await requireTenant(store, tenantId);
  for (let level = 0; level < tenant.height; level += 1) {
    const places = indices.map((index) => ({ tree: tenant.ordinal, level, index }));
    yield* groupsAt(store, { plan, tenant, places });
    indices = indicesAbove(indices);
    tenant = await requireTenant(store, tenantId);
  }
  yield* groupsAt(store, { plan, tenant, places: [tenantPlace(tenant.ordinal)] });
}

/** The S-tree below its root, which the flip re-keys. */
async function* tenantsGroups<Tx>(
  store: TreeStore<Tx>,
  { plan, ordinals }: { plan: ErasurePlan; ordinals: readonly number[] },
): AsyncGenerator<RekeyGroup[]> {
  let indices = indicesAbove(ordinals);
  for (let level = 0; level < S_HEIGHT - 1; level += 1) {
    const places = indices.map((index) => ({ tree: S_TREE, level, index }));
    yield* groupsAt(store, { plan, tenant: undefined, places });
    indices = indicesAbove(indices);
  }
}

type LevelWork = {
  readonly plan: ErasurePlan;
  readonly tenant: TenantTree | undefined;
  readonly places: readonly Place[];
};

async function* groupsAt<Tx>(
  store: TreeStore<Tx>,
  { plan, tenant, places }: LevelWork,
): AsyncGenerator<RekeyGroup[]> {
  for (let from = 0; from < places.length; from += LOOK) {
    const looked = places.slice(from, from + LOOK);
    const left = await store.placesBefore({ places: looked, epoch: plan.epoch });
    yield* chunksOf(byParent(left, tenant));
  }
}

function byParent(places: readonly Place[], tenant: TenantTree | undefined): RekeyGroup[] {
  const groups = new Map<
    string,
    { tenant: TenantTree | undefined; parent: Place; children: Place[] }
  >();
  for (const place of places) {
    const parent = parentSlot(place, tenant)?.place;
    if (parent === undefined) continue;
    const group = groups.get(placeKey(parent)) ?? { tenant, parent, children: [] };
    group.children.push(place);
    groups.set(placeKey(parent), group);
  }
  return [...groups.values()];
}

function* chunksOf(groups: readonly RekeyGroup[]): Generator<RekeyGroup[]> {
  let chunk: RekeyGroup[] = [];
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

function indicesAbove(indices: readonly number[]): number[] {
  const above = new Set(indices.map((index) => Math.floor(index / RADIX)));
  return [...above].toSorted((a, b) => a - b);
}

async function requireTenant<Tx>(store: TreeStore<Tx>, tenantId: string): Promise<TenantTree> {
  const tenant = await store.findTenant(tenantId);
  if (tenant === undefined) throw new UnknownTenantError();
  return tenant;
}
