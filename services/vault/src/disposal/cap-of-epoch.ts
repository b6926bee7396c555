import { countLiving } from './disposal.repository.ts';
import type { CapOf } from './while-locked.ts';

/** What one epoch may erase of a tenant: a share of its living records, or a number, whichever is more. */
export function makeCapOf({ share, minimum }: { share: number; minimum: number }): CapOf {
  return async (trx, tenantId) =>
    Math.max(minimum, Math.floor((await countLiving(trx, tenantId)) * share));
}
