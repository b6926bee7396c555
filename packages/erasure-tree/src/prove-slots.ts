import type { MapHead } from './map-head.ts';
import { hashAt, slotPaths } from './merkle64.ts';
import { RADIX, S_ROOT, S_TREE, placeKey, slotsAbove, tenantPlace } from './place.ts';
import type { Place, Slot, TenantTree } from './place.ts';
import type { ProofStep, SlotProof } from './slot-proof.ts';
import { UnknownTenantError } from './tenant-trees.ts';
import type { TreeNode, TreeStore } from './tree-store.ts';

/** The nodes no longer are what the head commits to: it was not published by the lease holder's last refresh. */
export class UnprovableError extends Error {
  override readonly name = 'UnprovableError';

  constructor() {
    super('the live-key map has changed since that head');
  }
}

export type ProvenSlot = {
  /** The number of the tenant's tree. */
  readonly tree: number;
  readonly position: number;
  readonly proof: SlotProof;
};

const LEAVES_AT_ONCE = 256;

/**
 * Proofs of positions under the newest map head, read from the nodes without any key. Says nothing of the
 * slot's state: that is for the verifier, who brings it. Each batch of leaves is one statement.
 */
export async function* proveSlots<Tx>(
  store: TreeStore<Tx>,
  head: MapHead,
  { tenantId, positions }: { tenantId: string; positions: readonly number[] },
): AsyncGenerator<ProvenSlot> {
  const tenant = await store.findTenant(tenantId);
  if (tenant === undefined) throw new UnknownTenantError();
  const leaves = [...Map.groupBy(positions, (position) => Math.floor(position / RADIX))];
  for (let from = 0; from < leaves.length; from += LEAVES_AT_ONCE) {
    const batch = leaves.slice(from, from + LEAVES_AT_ONCE);
    const nodes = await readPaths(store, { tenant, leaves: batch.map(([leaf]) => leaf) });
    for (const [leaf, wanted] of batch) {
      yield* proofsOfLeaf({ nodes, head, tenant: asHashed(nodes, tenant) }, leaf, wanted);
    }
  }
}

type Nodes = ReadonlyMap<string, TreeNode>;

async function readPaths<Tx>(
  store: TreeStore<Tx>,
  { tenant, leaves }: { tenant: TenantTree; leaves: readonly number[] },
): Promise<Nodes> {
  const places = new Map<string, Place>();
  for (const index of leaves) {
    const leaf = { tree: tenant.ordinal, level: 0, index };
    for (const place of [leaf, ...slotsAbove(leaf, tenant).map((slot) => slot.place)]) {
      places.set(placeKey(place), place);
    }
  }
  const rows = await store.readNodes([...places.values()]);
  return new Map(rows.map((row) => [placeKey(row.place), row]));
}

/** The tree as the head knows it: the head is older than a top that has been put above since. */
function asHashed(nodes: Nodes, tenant: TenantTree): TenantTree {
  const known = hashAt(nodeAt(nodes, tenantPlace(tenant.ordinal)).slotHashes, 0);
  for (let height = tenant.height; height > 0; height -= 1) {
    const top = nodeAt(nodes, { tree: tenant.ordinal, level: height - 1, index: 0 });
    if (top.merkleHash?.equals(known)) return { ...tenant, height };
  }
  throw new UnprovableError();
}

type HashedTree = { readonly nodes: Nodes; readonly head: MapHead; readonly tenant: TenantTree };

function* proofsOfLeaf(
  { nodes, head, tenant }: HashedTree,
  leaf: number,
  positions: readonly number[],
): Generator<ProvenSlot> {
  const { ordinal: tree, height } = tenant;
  const place = { tree, level: 0, index: leaf };
  const above = slotsAbove(place, tenant);
  assertLinked(nodes, { place, above, head });
  const upper = above.map(({ place: at, slot }): ProofStep => stepAt(nodes, at)(slot));
  const inLeaf = stepAt(nodes, place);
  for (const position of positions) {
    yield { tree, position, proof: { height, steps: [inLeaf(position % RADIX), ...upper] } };
  }
}

function stepAt(nodes: Nodes, place: Place): (slot: number) => ProofStep {
  const { keyCommitment, slotHashes } = nodeAt(nodes, place);
  const siblingsOf = slotPaths(slotHashes);
  return (slot) => ({ keyCommitment, siblings: siblingsOf(slot) });
}

type Path = { readonly place: Place; readonly above: readonly Slot[]; readonly head: MapHead };

/** Every node's hash is in its parent, and the S-root's is in the head. */
function assertLinked(nodes: Nodes, { place, above, head }: Path): void {
  let below = nodeAt(nodes, place);
  for (const { place: at, slot } of above) {
    const parent = nodeAt(nodes, at);
    if (!below.merkleHash?.equals(hashAt(parent.slotHashes, slot))) throw new UnprovableError();
    below = parent;
  }
  const isRoot = below.place.tree === S_TREE && below.place.level === S_ROOT.level;
  if (!isRoot || !below.merkleHash?.equals(head.nodeHash)) throw new UnprovableError();
}

function nodeAt(nodes: Nodes, place: Place): TreeNode {
  const node = nodes.get(placeKey(place));
  if (node === undefined) throw new UnprovableError();
  return node;
}
