import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { AccessDatabase } from '../database.ts';
import type { RegisteredPerson } from './decide.ts';

/** What the registers say of a person for one tenant. Training counts whichever tenant the work is for. */
export async function findRegisteredPerson(
  db: Kysely<AccessDatabase>,
  tenantId: string,
  subject: string,
): Promise<RegisteredPerson> {
  return withTenant(db, tenantId, async (trx) => {
    const assignments = await trx
      .selectFrom('assignment')
      .select(['purposes', sql<string>`starts_on::text`.as('startsOn')])
      .select(sql<string | null>`ends_on::text`.as('endsOn'))
      .where('tenant_id', '=', tenantId)
      .where('subject', '=', subject)
      .execute();
    const trainings = await trx
      .selectFrom('training')
      .select([
        sql<string>`completed_on::text`.as('completedOn'),
        sql<string>`expires_on::text`.as('expiresOn'),
      ])
      .where('subject', '=', subject)
      .execute();
    return {
      assignments: assignments.map((one) => ({ ...one, endsOn: one.endsOn ?? undefined })),
      trainings,
    };
  });
}
