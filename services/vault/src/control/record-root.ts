import type { MapHead } from '@mnv/erasure-tree';
import { mapHeadHash } from '@mnv/erasure-tree';
import type { ControlLog } from './control-log.ts';

/**
 * Begins the control log with the root version that the key tree stands on. Until it is there the vault takes
 * no number: nothing is sealed under a root version that the log does not name. A crash before it, or another
 * instance that is first, leaves nothing to repair.
 */
export async function recordFirstRoot(deps: {
  sizeOfLog(): Promise<number>;
  mapHead(): Promise<MapHead>;
  controlLog: ControlLog;
}): Promise<void> {
  if ((await deps.sizeOfLog()) > 0) return;
  const head = await deps.mapHead();
  const map = mapHeadHash(head).toString('base64url');
  const event = { op: 'root.created' as const, root: head.rootRef, epoch: head.epoch, map };
  await deps.controlLog.append([event], { onlyAt: 0 });
}
