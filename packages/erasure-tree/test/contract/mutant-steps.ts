import { groupsToRekey } from '../../src/epoch-groups.ts';
import { eraseSlots } from '../../src/erase-slots.ts';
import { rootLabel } from '../../src/index.ts';
import { openLocked, resealed } from '../../src/locked-node.ts';
import { RADIX } from '../../src/place.ts';
import { plannedLeaves } from '../../src/planned-leaves.ts';
import { topKeyContext } from '../../src/top-key.ts';
import type { Drive } from './run-epoch.ts';

export const makeRoot: Drive = async ({ root, deployment }, { epoch }) => {
  const label = rootLabel(deployment, epoch);
  if ((await root.status(label)) === 'unknown') await root.create(label);
};

/** Takes the record keys out of the leaves, and leaves the leaves their keys. */
export const eraseUnderSameKeys: Drive = async (parts, plan) => {
  const planned = plannedLeaves(plan);
  for await (const groups of groupsToRekey(parts.store, plan)) {
    for (const { tenant, children } of groups) {
      const leaves = children.filter(({ level }) => level === 0);
      if (tenant === undefined || leaves.length === 0) continue;
      await parts.store.transaction(async (tx) => {
        for (const row of await parts.store.lockNodes(leaves, tx)) {
          const open = await openLocked(parts, row, { tenant, tx });
          const slotHashes = Buffer.from(row.slotHashes);
          const positions = planned(tenant.tenantId, row.place.index);
          const { tenantId } = tenant;
          eraseSlots({ plan, tenantId, positions, secrets: open.secrets, slotHashes });
          const changed = { ...row, slotHashes, used: RADIX, merkleHash: undefined };
          await parts.store.updateNodes([resealed(parts, changed, { ...open, tenant })], tx);
        }
      });
    }
  }
};

/** A new root version over the top key there is. */
export const flipWithOldTopKey: Drive = async ({ store, root, deployment }, plan, { hooks }) => {
  const { epoch } = plan;
  const from = await store.readHead();
  if (from === undefined || from.epoch >= epoch) return;
  const topKey = await root.open(
    from.rootRef,
    from.sealedTopKey,
    topKeyContext(deployment, from.epoch),
  );
  const rootRef = rootLabel(deployment, epoch);
  const sealedTopKey = await root.seal(rootRef, topKey, topKeyContext(deployment, epoch));
  const to = { epoch, rootRef, sealedTopKey };
  await store.transaction(async (tx) => {
    await store.updateHead({ fromEpoch: from.epoch, head: to }, tx);
    const mapHead = { epoch, rootRef, topKeyCommitment: topKey, nodeHash: topKey };
    await hooks.flipped({ from, to, mapHead }, tx);
  });
};
