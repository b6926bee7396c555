import type { Router } from 'express';
import type { Kysely } from 'kysely';
import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KeyTree, KnownRoot } from '@mnv/erasure-tree';
import type { Logger } from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import { newestCheckpoint, rootAt } from '../control/control-batch.repository.ts';
import type { VaultDatabase } from '../database.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import { makeRootDoubts } from './doubt-roots.ts';
import type { RootDoubts } from './doubt-roots.ts';
import type { ExportPlace } from './export/export-place.ts';
import { exportedHeads } from './exported-heads.ts';
import { hearMemory } from './hear-memory.ts';
import type { FenceFacts, FenceReason } from './judge-fence.ts';
import { judgeFence } from './judge-fence.ts';
import { databaseTime, findMemories, keepMemories } from './outside-memory.repository.ts';
import { findDue, openIncident } from './reconciliation.repository.ts';
import type { FenceState } from './restore-fence.ts';
import { RestoreFence } from './restore-fence.ts';
import { restoreRoutes } from './restore.routes.ts';

export type FenceParts = {
  db: Kysely<VaultDatabase>;
  tree: KeyTree<KeyTreeTransaction>;
  policy: Policy;
  /** Of the control log. */
  origin: string;
  /** The newest epoch begun here: its root version may be newer than the tree's. */
  runningEpoch(): Promise<number | undefined>;
  /** Whether a root version belongs to an epoch that was aborted here: no tree ever stood on it. */
  isOrphan(root: KnownRoot): Promise<boolean>;
  /** Their copies of the control log are memories too. */
  places: readonly ExportPlace[];
  log: Logger;
};

/** The restore fence of this process, closed and not started, and its routes. */
export async function openFence(
  parts: FenceParts,
): Promise<{ fence: RestoreFence; routes: Router }> {
  const { db, policy, origin } = parts;
  const beganAt = await databaseTime(db);
  const doubts = makeRootDoubts(parts.log);
  const fence = new RestoreFence({
    judge: async () => judgeFence(await factsOf(parts, { beganAt, doubts })),
    requireReconciliation: (reasons) => openIncident(db, reasons.join(' ')),
    report: (state) => report(parts.log, state),
  });
  const routes = restoreRoutes({
    state: async () => {
      if (fence.state.reasons.includes('unchecked')) await fence.look();
      return { ...fence.state, size: (await newestCheckpoint(db))?.size ?? 0 };
    },
    hear: async (source, memory) => {
      await keepMemories(db, hearMemory(memory, { source, origin, policy }));
      return fence.look();
    },
  });
  return { fence, routes };
}

/** Memories before the log: what was remembered then, the log must hold now. */
async function factsOf(
  parts: FenceParts,
  { beganAt, doubts }: { beganAt: Date; doubts: RootDoubts },
): Promise<FenceFacts> {
  const { db, policy, runningEpoch, places } = parts;
  const memories = [...(await findMemories(db)), ...(await exportedHeads(places, parts))];
  // Before the epoch: an epoch is known before its root version is made.
  const roots = await rootsOf(parts, doubts);
  return {
    beganAt,
    memories,
    runningEpoch: await runningEpoch(),
    witnesses: [...policy.witnesses.keys()],
    roots,
    log: {
      size: (await newestCheckpoint(db))?.size ?? 0,
      rootAt: (size) => rootAt(db, size),
    },
    reconciliationDue: (await findDue(db)) !== undefined,
  };
}

/** A custodian that cannot be asked is a doubt; a database that cannot, a failed look. */
async function rootsOf(
  { tree, isOrphan }: FenceParts,
  doubts: RootDoubts,
): Promise<FenceFacts['roots']> {
  const { store, root } = tree.parts;
  const head = await store.readHead();
  if (head === undefined) return 'unreadable';
  const atHead = { ...store, readHead: () => Promise.resolve(head) };
  const found = await rootsBesideHead({ ...tree.parts, store: atHead })
    .then(async ({ newer }) => ({ newer, current: await root.status(head.rootRef) }))
    .catch((error: unknown) => doubts.tell(error));
  if (!found) return 'unreadable';
  doubts.clear();
  const orphans = await Promise.all(found.newer.map((one) => isOrphan(one)));
  return { ...found, newer: found.newer.filter((_, at) => orphans[at] === false) };
}

const WAITING = new Set<FenceReason>(['unheard', 'unchecked']);

function report(log: Logger, { state, reasons }: FenceState): void {
  const facts = { reason: reasons.join(' ') };
  if (state === 'serving') log.info('the restore fence is open');
  else if (reasons.every((reason) => WAITING.has(reason)))
    log.warn('the restore fence is closed: waiting to be told what is remembered', facts);
  else log.error('the restore fence is closed: nothing is released, stored or erased', facts);
}
