import type { Kysely } from 'kysely';
import { lastDayOfImage } from '@mnv/bango-ho';
import type { Clock } from '@mnv/core';
import { legalDayOf } from '@mnv/core';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts, withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { lockHolds, wereTold } from '../legal-holds/told-hold.repository.ts';
import { tenantsFrom } from '../tenant.repository.ts';
import { documentPeriod } from './document-metadata.ts';
import { countedDays, findKeepDays, purgeCountedFrom } from './identity-document.repository.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** The disposal service tells every minute. */
const TOLD_WITHIN_S = 5 * 60;

type PurgeDependencies = { db: Kysely<VaultDatabase>; clock: Clock; log: Logger };

/**
 * Drops the sealed bytes of every copy whose days are over. Each tenant is a transaction of its own; what a crash
 * left is found the next time, and two instances at once find less to do. Copies of whom a legal hold covers stay; so
 * do all while the holds there are were not told lately, for what is purged cannot be held any more.
 */
export async function purgeDocuments({ db, clock, log }: PurgeDependencies): Promise<void> {
  const today = legalDayOf(clock());
  for (const tenantId of await tenantsFrom(db, '')) {
    const count = await withTenant(db, tenantId, async (trx) => {
      await lockHolds(trx, tenantId);
      const { keepDays } = documentPeriod(await findKeepDays(trx, tenantId), today);
      const days = (await countedDays(trx, tenantId)).filter(
        (countedFrom) => lastDayOfImage({ countedFrom, keepDays }) < today,
      );
      if (days.length === 0) return 0;
      if (!(await wereTold(trx, TOLD_WITHIN_S))) throw new Error('legal holds are not known');
      return purgeCountedFrom(trx, { tenantId, days });
    });
    if (count > 0) log.info('copies of identity documents purged', { tenantId, count });
  }
}

/** The job that does so; not started. */
export function openPurge(deps: PurgeDependencies): Repeated {
  return repeatedly(() => purgeDocuments(deps), {
    everyMs: LOOK_EVERY_MS,
    tryAgainMs: 60_000,
    onFault: (error) => deps.log.error('copies were not purged', safeFacts(error)),
  });
}
