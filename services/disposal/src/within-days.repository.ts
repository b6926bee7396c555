import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Whether an instant lies within two legal days of Japan, both whole. */
export function withinDays(
  instant: RawBuilder<unknown>,
  { from, to }: { from: string; to: string },
): RawBuilder<boolean> {
  return sql`${instant} >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
    and ${instant} < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;
}
