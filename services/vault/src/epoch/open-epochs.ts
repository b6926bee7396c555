import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '@mnv/core';
import type { KeyTree } from '@mnv/erasure-tree';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { OpenedControlLog } from '../control/open-control-log.ts';
import type { VaultDatabase } from '../database.ts';
import { makeWhileLocked } from '../disposal/while-locked.ts';
import type { CapOf } from '../disposal/while-locked.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import type { Exports } from '../restore/export/open-exports.ts';
import type { RequireRight } from '../person.ts';
import type { RestoreFence } from '../restore/restore-fence.ts';
import { alone } from './alone.repository.ts';
import type { EpochTimes } from './epoch-dependencies.ts';
import { epochStorage } from './epoch-storage.ts';
import { destroyRoots } from './destroy-roots.ts';
import { isAnythingToDo } from './epoch-queue.repository.ts';
import { findPlanned } from './find-planned.ts';
import { rotationRoutes } from './rotations.routes.ts';
import { findRotation, orderRotation } from './rotation.repository.ts';
import { runEpochs } from './run-epochs.ts';

const LOOK_EVERY_MS = 1_000;
const ROOTS_EVERY_MS = 60_000;

export type EpochParts = {
  db: Kysely<VaultDatabase>;
  pool: Pool;
  tree: KeyTree<KeyTreeTransaction>;
  deployment: string;
  control: OpenedControlLog;
  capOf: CapOf;
  times: EpochTimes;
  log: Logger;
  clock: Clock;
  /** The gate before an old root version is destroyed. */
  exports: Pick<Exports, 'isSafeguarded'>;
  requireRight: RequireRight;
  /** Closed, nothing is erased. */
  fence: Pick<RestoreFence, 'state'>;
  /** How often it looks whether an epoch is due, and whether it can go on. */
  lookEveryMs?: number;
  /** How often it looks whether an old root version is due. */
  rootsEveryMs?: number;
};

export type OpenedEpochs = {
  routes: Router;
  /** Runs what is due, again and again; not started. */
  job: Repeated;
  /** Takes what is due as far as it goes now; orders the destruction of old root versions that may go. */
  runNow(): Promise<void>;
};

/** The job that runs epochs, on one instance at a time; not started. */
export function openEpochs(parts: EpochParts): OpenedEpochs {
  const { db, pool, tree, control, log, lookEveryMs = LOOK_EVERY_MS } = parts;
  let stopping = false;
  const deps = {
    ...parts.times,
    ...epochStorage({
      ...parts,
      whileLocked: makeWhileLocked(parts),
    }),
    tree,
    deployment: parts.deployment,
    clock: parts.clock,
    recordOnce: control.recordOnce,
    isRecorded: async (wanted: { from: number; text: string }) =>
      (await control.search(wanted)).length > 0,
    findPlanned: (root: string) => findPlanned(root, control.search),
    sizeOfLog: control.sizeOfLog,
    entriesProven: control.entriesProven,
    newestVerified: () => newestVerified(control),
    isSafeguarded: (epoch: number) => parts.exports.isSafeguarded(epoch),
    report: (event: string, facts: object) => log.warn(event, facts),
  };
  const run = async () => {
    const isStopping = () => stopping || parts.fence.state.state !== 'serving';
    if (isStopping() || !(await isAnythingToDo(db))) return;
    await alone(pool, () => runEpochs(deps, isStopping));
  };
  const destroy = async () => {
    if (!stopping && parts.fence.state.state === 'serving')
      await alone(pool, () => destroyRoots(deps));
  };
  const onFault = (error: unknown) => log.error('epoch interrupted', safeFacts(error));
  const epochs = repeatedly(run, { everyMs: lookEveryMs, tryAgainMs: lookEveryMs, onFault });
  const roots = repeatedly(destroy, {
    everyMs: parts.rootsEveryMs ?? ROOTS_EVERY_MS,
    tryAgainMs: parts.rootsEveryMs ?? ROOTS_EVERY_MS,
    onFault,
  });
  return {
    routes: rotationRoutes({
      requireRight: parts.requireRight,
      orderRotation: (rotationId) => orderRotation(db, rotationId),
      findRotation: (rotationId) => findRotation(db, rotationId),
    }),
    runNow: async () => {
      await run();
      await destroy();
    },
    job: {
      start: () => {
        epochs.start();
        roots.start();
      },
      stop: async () => {
        stopping = true;
        await Promise.all([epochs.stop(), roots.stop()]);
      },
    },
  };
}

/** The newest epoch of which the control log says that an export was restored and sampled. */
async function newestVerified({ search }: OpenedControlLog): Promise<number | undefined> {
  const found = await search({ from: 0, text: '"op":"restore.verified"' });
  const epochs = found.flatMap(({ entry }) =>
    entry.op === 'restore.verified' ? [entry.epoch] : [],
  );
  return epochs.length > 0 ? Math.max(...epochs) : undefined;
}
