import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

type Db = Kysely<VaultDatabase>;

/** Where the entry of an issued certificate stands, by the digest of the certificate. */
export async function findCertificate(
  db: Db,
  disposalId: string,
  certificate: string,
): Promise<number | undefined> {
  const { rows } = await sql<{ index: string }>`
    select control_index as index from disposal_certificate
    where disposal_id = ${disposalId} and certificate = ${Buffer.from(certificate, 'base64url')}
    `.execute(db);
  return rows[0] && Number(rows[0].index);
}

export async function keepCertificate(
  db: Db,
  disposalId: string,
  certificate: string,
  index: number,
): Promise<void> {
  await sql`insert into disposal_certificate (disposal_id, certificate, control_index)
    values (${disposalId}, ${Buffer.from(certificate, 'base64url')}, ${index})
    on conflict do nothing`.execute(db);
}
