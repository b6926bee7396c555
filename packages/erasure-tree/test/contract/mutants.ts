import { groupsToRekey } from '../../src/epoch-groups.ts';
import { flipEpoch } from '../../src/flip-epoch.ts';
import type { NodeGroup } from '../../src/node-groups.ts';
import type { ErasurePlan, TreeNode, TreeStore } from '../../src/index.ts';
import { S_TREE, TENANT_LEVEL } from '../../src/place.ts';
import { plannedLeaves } from '../../src/planned-leaves.ts';
import { rekeyGroups } from '../../src/rekey-groups.ts';
import { eraseUnderSameKeys, flipWithOldTopKey, makeRoot } from './mutant-steps.ts';
import type { Drive } from './run-epoch.ts';

type Order = (groups: NodeGroup[]) => NodeGroup[];

const inOrder: Order = (groups) => groups;
const without =
  (level: number): Order =>
  (groups) =>
    groups.filter(({ children }) => children[0]?.level !== level);

/** The product's re-keying, in another order or not all of it. */
function rekeying(order: Order): Drive {
  return async (parts, plan, around) => {
    const { hooks, between } = around;
    await makeRoot(parts, plan, around);
    const groups: NodeGroup[] = [];
    for await (const chunk of groupsToRekey(parts.store, plan)) groups.push(...chunk);
    const work = { plan, hooks, planned: plannedLeaves(plan) };
    for (const group of order(groups)) {
      await rekeyGroups(parts, work, [group]);
      await between();
    }
  };
}

const flip: Drive = (parts, plan, { hooks }) =>
  flipEpoch(parts, { plan, hooks }).then(() => undefined);

function inTurn(...drives: Drive[]): Drive {
  return async (parts, plan, around) => {
    for (const drive of drives) await drive(parts, plan, around);
  };
}

/** Epochs that are wrong in one point each: every one leaves a way to an erased key. */
export const mutants: Readonly<Record<string, Drive>> = {
  'that re-keys parents before children': inTurn(
    rekeying((groups) => groups.toReversed()),
    flip,
  ),
  'that re-keys no leaves': inTurn(rekeying(without(0)), flip),
  'that re-keys no tenant nodes': inTurn(rekeying(without(TENANT_LEVEL)), flip),
  'that passes over the last stale node': inTurn(
    rekeying((groups) => groups.slice(0, -1)),
    flip,
  ),
  'that flips before it re-keys': inTurn(makeRoot, flip, rekeying(inOrder)),
  'that re-keys without taking the record keys out': inTurn(
    (parts, plan, around) =>
      rekeying(inOrder)(parts, { ...plan, items: withoutSlots(plan.items) }, around),
    flip,
  ),
  'that takes record keys out under the same leaf keys': inTurn(
    eraseUnderSameKeys,
    rekeying(without(0)),
    flip,
  ),
  'that goes straight to the flip after a crash': goesToTheFlip(),
  'that seals the old top key under the new root version': inTurn(
    rekeying(inOrder),
    flipWithOldTopKey,
  ),
};

/** Takes the second try of a plan for the end of the first. */
function goesToTheFlip(): Drive {
  const tried = new WeakSet<ErasurePlan>();
  return async (parts, plan, around) => {
    if (!tried.has(plan)) {
      tried.add(plan);
      await rekeying(inOrder)(parts, plan, around);
    }
    await makeRoot(parts, plan, around);
    await flip(parts, plan, around);
  };
}

/** A store in which a top put above a running epoch's nodes counts as re-keyed. */
export function countingNewTopsAsRekeyed<Tx>(store: TreeStore<Tx>): TreeStore<Tx> {
  return {
    ...store,
    insertNodes: async (nodes, tx) => {
      const epoch = ((await store.readHead(tx))?.epoch ?? 0) + 1;
      const isTop = ({ place }: TreeNode) =>
        place.tree !== S_TREE && place.level > 0 && place.level < TENANT_LEVEL;
      await store.insertNodes(
        nodes.map((node) => (isTop(node) ? { ...node, epoch } : node)),
        tx,
      );
    },
  };
}

/** Other slots of the same leaves. */
function withoutSlots(items: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  return new Map(
    [...items].map(([tenantId, positions]) => [
      tenantId,
      positions.map((position) => position - (position % 64) + 63),
    ]),
  );
}
