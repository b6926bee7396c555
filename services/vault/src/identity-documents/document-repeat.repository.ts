import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

const ROUTE = 'identity-documents';

/** Under which a copy may be sent again. `digest` is over everything but the copy itself. */
export type RepeatKey = { tenantId: string; clientId: string; key: string };

/** What a key made; a key past its time is forgotten first. */
export async function findRepeat(
  trx: Transaction<VaultDatabase>,
  { tenantId, clientId, key }: RepeatKey,
): Promise<{ digest: Buffer; documentId: string } | undefined> {
  await sql`
    delete from idempotency where tenant_id = ${tenantId} and client_id = ${clientId}
      and route = ${ROUTE} and key = ${key} and expires_at <= now()`.execute(trx);
  const { rows } = await sql<{ digest: Buffer; documentId: string }>`
    select digest, record_id as "documentId" from idempotency
    where tenant_id = ${tenantId} and client_id = ${clientId} and route = ${ROUTE} and key = ${key}`.execute(
    trx,
  );
  return rows[0];
}

/** Keeps the key for a day; false when somebody else took it meanwhile. */
export async function keepRepeat(
  trx: Transaction<VaultDatabase>,
  {
    tenantId,
    clientId,
    key,
    digest,
    documentId,
  }: RepeatKey & { digest: Buffer; documentId: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into idempotency (tenant_id, client_id, route, key, digest, record_id, expires_at)
    values (${tenantId}, ${clientId}, ${ROUTE}, ${key}, ${digest}, ${documentId}, now() + interval '1 day')
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}
