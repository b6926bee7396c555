import type { Kysely } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { keepHolds, keepTold, lockHolds } from './told-hold.repository.ts';
import type { ToldHolds } from './told-hold.repository.ts';

/** Told holds over the database. */
export type StoredHolds = {
  /** False where there is no such tenant. */
  keep(tenantId: string, holds: ToldHolds): Promise<boolean>;
  /** All that there was has been told. */
  keepTold(): Promise<void>;
};

export function storedHolds(db: Kysely<VaultDatabase>): StoredHolds {
  return {
    keep: (tenantId, holds) =>
      withTenant(db, tenantId, async (trx) => {
        await lockHolds(trx, tenantId);
        return keepHolds(trx, tenantId, holds);
      }),
    keepTold: () => keepTold(db),
  };
}
