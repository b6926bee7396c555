import type { ErasurePlan } from './erasure-plan.ts';
import { isRotation } from './erasure-plan.ts';
import { chunksOf, groupByParent } from './node-groups.ts';
import type { NodeGroup } from './node-groups.ts';
import { RADIX, S_HEIGHT, S_TREE, TENANT_LEVEL } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import { UnknownTenantError } from './tenant-trees.ts';
import type { TreeStore } from './tree-store.ts';

/** How many places one look takes in: a resumed epoch passes quickly over what is done. */
const LOOK = 1024;

type Level = { readonly tree: number; readonly level: number };
/** The places of a level whose keys are still to be replaced. */
type LookAt = (level: Level) => AsyncGenerator<Place[]>;

/**
 * What an epoch still has to re-key, read from the nodes themselves, children before parents: every path
 * from an erased position up to, but not including, the S-root. The order carries the whole promise. If a
 * parent got its fresh key first, that key would seal, for a moment, the old key of a child that has sealed
 * erased keys; and a moment is enough for a backup.
 */
export async function* groupsToRekey<Tx>(
  store: TreeStore<Tx>,
  plan: ErasurePlan,
): AsyncGenerator<NodeGroup[]> {
  const all = isRotation(plan);
  const tenants = all ? await store.tenants() : await plannedTenants(store, plan);
  for (const { tenantId } of tenants) {
    const positions = plan.items.get(tenantId) ?? [];
    const lookAt = all ? everyNode(store, plan) : pathsFrom(store, { plan, numbers: positions });
    yield* tenantGroups(store, tenantId, lookAt);
  }
  const ordinals = tenants.map(({ ordinal }) => ordinal);
  const lookAt = all ? everyNode(store, plan) : pathsFrom(store, { plan, numbers: ordinals });
  yield* treeOfTenantsGroups(lookAt);
}

async function plannedTenants<Tx>(
  store: TreeStore<Tx>,
  { items }: ErasurePlan,
): Promise<TenantTree[]> {
  const tenants: TenantTree[] = [];
  for (const [tenantId, positions] of items) {
    if (positions.length > 0) tenants.push(await requireTenant(store, tenantId));
  }
  return tenants;
}

/** The tree may grow while the epoch runs: its height is read again for every level. */
async function* tenantGroups<Tx>(
  store: TreeStore<Tx>,
  tenantId: string,
  lookAt: LookAt,
): AsyncGenerator<NodeGroup[]> {
  let tenant = await requireTenant(store, tenantId);
  for (let level = 0; level < tenant.height; level += 1) {
    yield* groupsAt(lookAt({ tree: tenant.ordinal, level }), tenant);
    tenant = await requireTenant(store, tenantId);
  }
  yield* groupsAt(lookAt({ tree: tenant.ordinal, level: TENANT_LEVEL }), tenant);
}

/** The S-tree below its root, which the flip re-keys. */
async function* treeOfTenantsGroups(lookAt: LookAt): AsyncGenerator<NodeGroup[]> {
  for (let level = 0; level < S_HEIGHT - 1; level += 1) {
    yield* groupsAt(lookAt({ tree: S_TREE, level }), undefined);
  }
}

async function* groupsAt(
  looks: AsyncGenerator<Place[]>,
  tenant: TenantTree | undefined,
): AsyncGenerator<NodeGroup[]> {
  for await (const places of looks) yield* chunksOf(groupByParent(places, tenant));
}

function everyNode<Tx>(store: TreeStore<Tx>, { epoch }: ErasurePlan): LookAt {
  return async function* look({ tree, level }) {
    for (let after = -1; ; ) {
      const places = await store.scanBefore({ tree, level, epoch, after, limit: LOOK });
      const last = places.at(-1);
      if (last === undefined) return;
      yield places;
      after = last.index;
    }
  };
}

type Paths = { readonly plan: ErasurePlan; readonly numbers: readonly number[] };

/** The nodes above positions of a tenant's tree, or above ordinals of the S-tree. */
function pathsFrom<Tx>(store: TreeStore<Tx>, { plan, numbers }: Paths): LookAt {
  return async function* look({ tree, level }) {
    const indices = level === TENANT_LEVEL ? [0] : indicesAbove(numbers, level);
    for (let from = 0; from < indices.length; from += LOOK) {
      const places = indices.slice(from, from + LOOK).map((index) => ({ tree, level, index }));
      yield await store.placesBefore({ places, epoch: plan.epoch });
    }
  };
}

function indicesAbove(numbers: readonly number[], level: number): number[] {
  const above = new Set(numbers.map((number) => Math.floor(number / RADIX ** (level + 1))));
  return [...above].toSorted((a, b) => a - b);
}

async function requireTenant<Tx>(store: TreeStore<Tx>, tenantId: string): Promise<TenantTree> {
  const tenant = await store.findTenant(tenantId);
  if (tenant === undefined) throw new UnknownTenantError();
  return tenant;
}
