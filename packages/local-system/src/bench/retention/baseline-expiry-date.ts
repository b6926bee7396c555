import { asAdministrator } from './fill-retention.ts';

/** What other products keep: one expiry date a record, worked out from the day of leaving. */
const SCHEMA = `create table if not exists plain_expiry (
    tenant_id text not null, record_id uuid not null, expires_on date not null,
    primary key (tenant_id, record_id));
  create table if not exists plain_list (record_id uuid primary key)`;
const EXPIRIES = `insert into plain_expiry
  select tenant_id, record_id, max((content ->> 'on')::date) + interval '7 years'
  from retention_event where tenant_id = $1 and content ->> 'kind' = 'left' group by tenant_id, record_id`;
const LIST = `insert into plain_list
  select record_id from plain_expiry where tenant_id = $1 and expires_on <= $2`;
const RULES_CHANGED = `select count(*) from plain_expiry where tenant_id = $1 and expires_on + interval '3 years' > $2`;

export type PlainSeconds = { scratch: number; list: number; simulate: number };

/**
 * Seconds that the plain way takes for the same records, each step one statement inside the database: no rule
 * with a clock of its own, no reason that could be told, no correction.
 */
export function measureExpiryDates(
  adminDsn: string,
  { tenant, until }: { tenant: string; until: string },
): Promise<PlainSeconds> {
  return asAdministrator(adminDsn, async (client) => {
    await client.query(SCHEMA);
    await client.query('truncate plain_expiry, plain_list');
    const timed = async (text: string, values: string[]) => {
      const begun = performance.now();
      await client.query(text, values);
      return (performance.now() - begun) / 1000;
    };
    return {
      scratch: await timed(EXPIRIES, [tenant]),
      list: await timed(LIST, [tenant, until]),
      simulate: await timed(RULES_CHANGED, [tenant, until]),
    };
  });
}
