import type { Router } from 'express';
import { makeCapOf } from './disposal/cap-of-epoch.ts';
import type { DisposalParts } from './disposal/open-disposals.ts';
import { openDisposals } from './disposal/open-disposals.ts';
import { findFlip } from './epoch/epoch-job.repository.ts';
import type { EpochSettings } from './epoch/epoch-dependencies.ts';
import { livingRoots } from './epoch/living-roots.ts';
import type { EpochParts, OpenedEpochs } from './epoch/open-epochs.ts';
import { openEpochs } from './epoch/open-epochs.ts';
import type { OpenedInstance } from './instance/open-instance.ts';
import { openInstance } from './instance/open-instance.ts';
import { readRecordEvents } from './record-event.repository.ts';
import { recordEventRoutes } from './record-events.routes.ts';

export type ErasureParts = Omit<DisposalParts, 'capOf' | 'livingRoots'> &
  Omit<EpochParts, 'capOf' | keyof EpochSettings> & {
    epochs: EpochSettings;
    /** Names this instance among all: no two that run have the same. */
    instanceId: string;
  };

/** Disposals, the epochs that erase what they ordered, and this instance among those an epoch waits for. */
export async function openErasure(
  parts: ErasureParts,
): Promise<OpenedInstance & Pick<OpenedEpochs, 'job' | 'runNow'> & { routes: Router[] }> {
  const { db, tree, control } = parts;
  const capOf = makeCapOf(parts.epochs.cap);
  const epochs = openEpochs({ ...parts, ...parts.epochs, capOf });
  const disposals = openDisposals({
    ...parts,
    capOf,
    livingRoots: () =>
      livingRoots({
        tree,
        graceMs: parts.epochs.times.graceMs,
        search: control.search,
        findFlip: (epoch) => findFlip(db, epoch),
      }),
  });
  const events = recordEventRoutes((from) => readRecordEvents(db, from));
  const instance = await openInstance(parts);
  const runNow = async () => {
    await epochs.runNow();
    await instance.lease.acknowledge();
    await epochs.runNow();
  };
  const routes = [events, ...disposals, epochs.routes];
  return { ...instance, job: epochs.job, runNow, routes };
}
