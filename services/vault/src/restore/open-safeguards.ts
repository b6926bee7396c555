import type { Router } from 'express';
import { refreshMap } from '@mnv/erasure-tree';
import type { KeyTree } from '@mnv/erasure-tree';
import type { OpenedControlLog } from '../control/open-control-log.ts';
import { searchControlLog } from '../control/control-search.repository.ts';
import { controlOrigin, openControlLog } from '../control/open-control-log.ts';
import { isOrphan } from '../epoch/destroy-orphans.ts';
import { fenceJob, findJob, newestEpoch } from '../epoch/epoch-job.repository.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import type { ExportPlace } from './export/export-place.ts';
import type { Exports } from './export/open-exports.ts';
import { openExports } from './export/open-exports.ts';
import type { FenceParts } from './open-fence.ts';
import { openFence } from './open-fence.ts';
import type { RestoreFence } from './restore-fence.ts';

export type SafeguardParts = Pick<FenceParts, 'db' | 'policy' | 'log'> &
  Pick<Parameters<typeof openControlLog>[0], 'pool' | 'clock'> & {
    deployment: string;
    tree: KeyTree<KeyTreeTransaction>;
    controlKey: Parameters<typeof openControlLog>[0]['signingKey'];
    exportPlaces: readonly ExportPlace[];
  };

/** The restore fence, the control log it guards, and the exports that are the way back; nothing is started. */
export async function openSafeguards(parts: SafeguardParts): Promise<{
  fence: RestoreFence;
  routes: Router;
  control: OpenedControlLog;
  exports: Exports;
}> {
  const { db, tree, deployment, exportPlaces: places } = parts;
  const { fence, routes } = await openFence({
    ...parts,
    places,
    origin: controlOrigin(deployment),
    runningEpoch: () => newestEpoch(db),
    isOrphan: (root) =>
      isOrphan(root, {
        findJob: (epoch) => findJob(db, epoch),
        isRecorded: async (wanted) => (await searchControlLog(db, wanted)).length > 0,
      }),
  });
  const control = await openControlLog({
    ...parts,
    requireMayGrow: () => fence.requireLogMayGrow(),
    requireHeld: (job) => fenceJob(job, db),
    signingKey: parts.controlKey,
    // No epoch runs before the service listens, so nobody holds its lease.
    mapHead: () => refreshMap(tree.parts, () => Promise.resolve()),
  });
  const { controlLog, files: controlFiles } = control;
  const exports = openExports({ ...parts, places, controlLog, controlFiles });
  return { fence, routes, control, exports };
}
