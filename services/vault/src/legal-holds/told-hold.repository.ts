import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

type Trx = Transaction<VaultDatabase>;

/** A hold that stands; without individuals it covers the whole tenant. */
export type ToldHold = { holdId: string; individuals?: string[] | undefined };
export type ToldHolds = { living: readonly ToldHold[]; lifted: readonly string[] };

/** Any number that no other advisory lock of two numbers uses. */
const HOLDS = 1;

/** Holds of a tenant are told and its copies purged one after the other, until the transaction ends. */
export async function lockHolds(trx: Trx, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${HOLDS}, hashtext(${tenantId}))`.execute(trx);
}

/** Keeps what is new of these holds. One that was lifted stays lifted. False where there is no such tenant. */
export async function keepHolds(
  trx: Trx,
  tenantId: string,
  { living, lifted }: ToldHolds,
): Promise<boolean> {
  const { rows } = await sql`select from tenant where tenant_id = ${tenantId}`.execute(trx);
  if (rows.length === 0) return false;
  for (const hold of living) await insertHold(trx, tenantId, hold);
  await sql`
    update legal_hold set lifted_at = now()
    where tenant_id = ${tenantId} and hold_id = any(${[...lifted]}::uuid[]) and lifted_at is null`.execute(
    trx,
  );
  await sql`
    insert into legal_hold (tenant_id, hold_id, whole, lifted_at)
    select ${tenantId}, hold_id, false, now() from unnest(${[...lifted]}::uuid[]) as l(hold_id)
    on conflict do nothing`.execute(trx);
  return true;
}

async function insertHold(trx: Trx, tenantId: string, { holdId, individuals }: ToldHold) {
  const { numAffectedRows } = await sql`
    insert into legal_hold (tenant_id, hold_id, whole)
    values (${tenantId}, ${holdId}, ${individuals === undefined}) on conflict do nothing`.execute(
    trx,
  );
  if (numAffectedRows === 0n || individuals === undefined) return;
  await sql`
    insert into legal_hold_individual (tenant_id, hold_id, individual_ref)
    select ${tenantId}, ${holdId}, ref from unnest(${[...new Set(individuals)]}::text[]) as n(ref)`.execute(
    trx,
  );
}

/** All that there was has been told. */
export async function keepTold(db: Kysely<VaultDatabase>): Promise<void> {
  await sql`
    insert into legal_holds_told (told_at) values (now())
    on conflict (only_row) do update set told_at = excluded.told_at`.execute(db);
}

/** Whether all holds were told within the last so many seconds, by the clock of the database. */
export async function wereTold(trx: Trx, seconds: number): Promise<boolean> {
  const { rows } = await sql`
    select from legal_holds_told where told_at > now() - make_interval(secs => ${seconds})`.execute(
    trx,
  );
  return rows.length > 0;
}
