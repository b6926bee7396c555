import { RADIX, comparePlaces, placeKey } from './place.ts';
import type { TenantTree } from './place.ts';
import { StaleNodeError } from './tree-store.ts';
import type { Scan, TreeHead, TreeNode, TreeStore } from './tree-store.ts';

type Stored = { readonly tree: TenantTree; readonly leaves: number };

/** One state of the store. Rows are values: a write replaces them. */
type State = {
  head: TreeHead | undefined;
  readonly tenants: Map<string, Stored>;
  readonly nodes: Map<string, TreeNode>;
};

export type MemoryTransaction = State;

/**
 * A store for property tests: transactions run one after the other, and what a failed one wrote is gone.
 */
export function memoryStore(): TreeStore<MemoryTransaction> {
  let committed: State = { head: undefined, tenants: new Map(), nodes: new Map() };
  let queue: Promise<unknown> = Promise.resolve();
  const stateOf = (tx: State | undefined): State => tx ?? committed;
  return {
    transaction(work) {
      const run = queue.then(async () => {
        const tx = copyOf(committed);
        const result = await work(tx);
        committed = tx;
        return result;
      });
      queue = run.catch(() => undefined);
      return run;
    },
    ...headsAndTenants(stateOf),
    readNodes: async (places, tx) => nodesAt(stateOf(tx), places.map(placeKey)),
    readLeaves: async ({ tree, indices }, tx) => {
      const keys = indices.map((index) => placeKey({ tree, level: 0, index }));
      return nodesAt(stateOf(tx), keys).map((node) => ({ ...node, index: node.place.index }));
    },
    lockNodes: async (places, tx) => nodesAt(tx, places.map(placeKey)),
    lockOpenLeaf: async (tree, tx) => openLeaves(tx, tree)[0],
    ...looks(() => committed),
    insertNodes: async (nodes, tx) => {
      for (const node of nodes) {
        if (tx.nodes.has(placeKey(node.place))) throw new StaleNodeError();
        tx.nodes.set(placeKey(node.place), node);
      }
    },
    updateNodes: async (nodes, tx) => {
      for (const node of nodes) {
        const id = placeKey(node.place);
        if (tx.nodes.get(id)?.version !== node.version) throw new StaleNodeError();
        tx.nodes.set(id, { ...node, version: node.version + 1 });
      }
    },
  };
}

type Looks = Pick<
  TreeStore<State>,
  'openLeaves' | 'placesBefore' | 'scanBefore' | 'countBefore' | 'staleTrees' | 'scanStale'
>;

/** What epochs and the map look for. */
function looks(committed: () => State): Looks {
  const all = () => [...committed().nodes.values()];
  const scanned = ({ tree, level, after, limit }: Scan, wanted: (node: TreeNode) => boolean) =>
    all()
      .filter(({ place }) => place.tree === tree && place.level === level && place.index > after)
      .filter(wanted)
      .map(({ place }) => place)
      .toSorted(comparePlaces)
      .slice(0, limit);
  return {
    openLeaves: async (tree) => openLeaves(committed(), tree).map(({ place }) => place.index),
    placesBefore: async ({ places, epoch }) =>
      nodesAt(committed(), places.map(placeKey))
        .filter((node) => node.epoch < epoch)
        .map((node) => node.place),
    scanBefore: async (scan) => scanned(scan, (node) => node.epoch < scan.epoch),
    countBefore: async (epoch) => all().filter((node) => node.epoch < epoch).length,
    staleTrees: async () => {
      const stale = all().filter((node) => node.merkleHash === undefined);
      return [...new Set(stale.map(({ place }) => place.tree))];
    },
    scanStale: async (scan) => scanned(scan, (node) => node.merkleHash === undefined),
  };
}

type HeadsAndTenants = Pick<
  TreeStore<State>,
  | 'readHead'
  | 'lockHead'
  | 'insertHead'
  | 'updateHead'
  | 'tenants'
  | 'findTenant'
  | 'insertTenant'
  | 'takeLeaves'
  | 'setHeight'
>;

function headsAndTenants(stateOf: (tx: State | undefined) => State): HeadsAndTenants {
  return {
    readHead: async (tx) => stateOf(tx).head,
    lockHead: async (tx) => tx.head,
    insertHead: async (head, tx) => {
      if (tx.head) throw new StaleNodeError();
      tx.head = head;
    },
    updateHead: async ({ fromEpoch, head }, tx) => {
      if (tx.head?.epoch !== fromEpoch) throw new StaleNodeError();
      tx.head = head;
    },
    tenants: async () => [...stateOf(undefined).tenants.values()].map(({ tree }) => tree),
    findTenant: async (tenantId, tx) => stateOf(tx).tenants.get(tenantId)?.tree,
    insertTenant: async (tenantId, tx) => {
      const tree = { tenantId, ordinal: tx.tenants.size + 1, height: 1 };
      tx.tenants.set(tenantId, { tree, leaves: 1 });
      return tree;
    },
    takeLeaves: async ({ tenantId, count }, tx) => {
      const { tree, leaves } = requireTenant(tx, tenantId);
      tx.tenants.set(tenantId, { tree, leaves: leaves + count });
      return { first: leaves, tenant: tree, epoch: tx.head?.epoch ?? 0 };
    },
    setHeight: async (tree, tx) => {
      tx.tenants.set(tree.tenantId, { ...requireTenant(tx, tree.tenantId), tree });
    },
  };
}

function copyOf({ head, tenants, nodes }: State): State {
  return { head, tenants: new Map(tenants), nodes: new Map(nodes) };
}

function requireTenant({ tenants }: State, tenantId: string): Stored {
  const stored = tenants.get(tenantId);
  if (stored === undefined) throw new StaleNodeError();
  return stored;
}

function nodesAt({ nodes }: State, keys: string[]): TreeNode[] {
  const found = keys.flatMap((key) => nodes.get(key) ?? []);
  return found.toSorted((a, b) => comparePlaces(a.place, b.place));
}

function openLeaves({ nodes }: State, tree: number): TreeNode[] {
  const leaves = [...nodes.values()].filter(
    ({ place, used }) => place.tree === tree && place.level === 0 && used < RADIX,
  );
  return leaves.toSorted((a, b) => a.place.index - b.place.index);
}
