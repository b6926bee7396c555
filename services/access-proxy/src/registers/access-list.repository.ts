import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { AccessDatabase } from '../database.ts';
import type { AccessListEntry, FindAccessList } from './access-list.ts';
import { heldDays } from './access-list.ts';

/** Who was assigned to a tenant on any day of a period, by person. Training counts whichever tenant it was for. */
export function makeFindAccessList(db: Kysely<AccessDatabase>): FindAccessList {
  return async (tenantId, { from, to }) => {
    const { rows } = await withTenant(db, tenantId, (trx) =>
      sql<Row>`
        select a.subject, o.name, a.purposes, a.starts_on::text, a.ends_on::text, a.added_at, a.added_by,
          coalesce((select jsonb_agg(jsonb_build_object('course', course, 'completedOn', completed_on,
              'expiresOn', expires_on) order by completed_on, expires_on, course)
            from training t where t.subject = a.subject), '[]') as trainings
        from assignment a join operator o using (subject)
        where a.tenant_id = ${tenantId} and a.starts_on <= ${to} and (a.ends_on is null or a.ends_on >= ${from})
        order by a.subject, a.starts_on, a.assignment_id`.execute(trx),
    );
    return rows.map(entryOf);
  };
}

type Row = {
  subject: string;
  name: string;
  purposes: string[];
  starts_on: string;
  ends_on: string | null;
  added_at: Date;
  added_by: string;
  trainings: AccessListEntry['trainings'];
};

function entryOf({ starts_on: from, ends_on: to, added_at, added_by, ...rest }: Row) {
  const assigned = { ...rest, from, to, addedAt: added_at.toISOString(), addedBy: added_by };
  return { ...assigned, held: heldDays(assigned) };
}
