import type { Router } from 'express';
import { exportNowRoutes } from './export/export-now.routes.ts';
import type { Exports } from './export/open-exports.ts';
import type { ReconciliationParts } from './reconcile/open-reconciliation.ts';
import { openReconciliation } from './reconcile/open-reconciliation.ts';

/** What administrators do about exports and restores. */
export function restoreActs(parts: ReconciliationParts & { exports: Exports }): Router[] {
  const { requireRight, exports, fence } = parts;
  const exportNow = fence.whenOpen(() => exports.exportNow());
  return [openReconciliation(parts), exportNowRoutes({ requireRight, exportNow })];
}
