import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import { decodeEntryBundle } from '@mnv/transparency-log';
import type { VaultDatabase } from './database.ts';

const MAX_ROWS = 500;
/** Of entries, so that an answer stays below what a service reads; a larger row comes alone. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** A release as the vault remembers it: the request, and the bytes of its entries as they stand in the log. */
export type RememberedRelease = {
  day: string;
  rid: string;
  log: string;
  first: number;
  entries: Uint8Array[];
  at: Date;
};

type Row = Omit<RememberedRelease, 'entries'> & { entries: Buffer };

/**
 * The next releases of a tenant behind one of them, by day and request id; none when there are no more. Only
 * the tenant's own part of each day is read, however many others release.
 */
export async function readReleases(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  after: { day: string; rid: string },
): Promise<RememberedRelease[]> {
  const { rows } = await withTenant(db, tenantId, (trx) =>
    sql<Row>`
      select day::text, rid, log_id as log, first_index::float8 as first, entries, at
      from (
        select *, row_number() over in_order as place,
               sum(octet_length(entries)) over in_order as bytes
        from (
          select r.* from tenant t
          cross join generate_series(greatest(${after.day}::date, t.created_at::date - 2),
                                     current_date + 2, interval '1 day') as days(day)
          cross join lateral (
            select * from release r
            where r.day = days.day::date and r.tenant_id = ${tenantId}
              and (r.day > ${after.day}::date or r.rid > ${after.rid}::uuid)
            order by r.rid limit ${MAX_ROWS}
          ) r
          where t.tenant_id = ${tenantId}
          order by r.day, r.rid limit ${MAX_ROWS}
        ) page
        window in_order as (order by day, rid)
      ) measured
      where place = 1 or bytes <= ${MAX_PAGE_BYTES}
      order by day, rid`.execute(trx),
  );
  return rows.map((row) => ({ ...row, entries: decodeEntryBundle(row.entries) }));
}
