import type { Router } from 'express';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import type { BeginInternalAct } from '../internal-act.ts';
import type { ChangeNumber } from '../number-change/change-number.ts';
import type { RequireRight } from '../person.ts';
import type { RestoreFence } from '../restore/restore-fence.ts';
import type { StoreNumbers } from '../store-numbers.ts';
import { CheckAllowance } from './check-allowance.ts';
import { readDuplicates } from './duplicate-record.repository.ts';
import { duplicateRoutes } from './duplicates.routes.ts';
import { countLiving, readLiving } from '../living-number.repository.ts';
import { TenantSets } from './tenant-sets.ts';
import { warnOfChange, warnOfDuplicates } from './warn-of-duplicates.ts';

const DROP_EVERY_MS = 30_000;

export type DuplicateChecks = {
  /** The same, and tells of numbers held for several people. */
  warning(storeNumbers: StoreNumbers): StoreNumbers;
  warningOfChange(changeNumber: ChangeNumber): ChangeNumber;
  routes: Router;
  /** Drops all that is known of numbers: the answer to an epoch's fence. */
  forget(): void;
  /** Not started. Stopping it drops everything. */
  dropping: Repeated;
};

/** Duplicates without an index at rest: what is known of numbers is in this process's memory, and briefly. */
export function openDuplicateChecks(parts: {
  db: Kysely<VaultDatabase>;
  beginInternalAct: BeginInternalAct;
  requireRight: RequireRight;
  fence: Pick<RestoreFence, 'whenOpen'>;
  log: Logger;
  clock: Clock;
}): DuplicateChecks {
  const { db, beginInternalAct, requireRight, fence, log, clock } = parts;
  const sets = new TenantSets({
    countLiving: (tenantId) => countLiving(db, tenantId),
    readLiving: (tenantId, range) => readLiving(db, tenantId, range),
    beginInternalAct,
    reportFault: (tenantId, error) =>
      log.error('duplicates cannot be told', { tenantId, ...safeFacts(error) }),
    clock,
  });
  const allowance = new CheckAllowance(clock);
  const dropping = repeatedly(async () => sets.dropUnused(), {
    everyMs: DROP_EVERY_MS,
    tryAgainMs: DROP_EVERY_MS,
    onFault: (error) => log.error('sets are not dropped', safeFacts(error)),
  });
  return {
    warning: (storeNumbers) => warnOfDuplicates(storeNumbers, { sets, allowance }),
    warningOfChange: (changeNumber) => warnOfChange(changeNumber, { sets, allowance }),
    routes: duplicateRoutes({
      requireRight,
      openSet: (tenantId) => sets.open(tenantId),
      whenBuilt: (tenantId, withinMs) => sets.whenBuilt(tenantId, withinMs),
      readDuplicates: fence.whenOpen((tenantId, page) => readDuplicates(db, tenantId, page)),
    }),
    forget: () => sets.forget(),
    dropping: {
      start: dropping.start,
      stop: async () => {
        await Promise.all([dropping.stop(), sets.stop()]);
      },
    },
  };
}
