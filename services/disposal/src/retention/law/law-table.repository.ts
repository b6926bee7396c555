import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { LawData, LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { ensureTenant } from '../tenant.repository.ts';
import type { NamedLaw } from './law-in-use.ts';
import { RELEASED_LAW, lawOfDigest } from './law-in-use.ts';

/** A table a tenant has, without its content. */
export type KeptTable = {
  digest: string;
  version: LegalDay;
  source: 'released' | 'loaded';
  cameAt: string;
  cameBy: string | null;
};

/** The day before every day that is asked about. */
const ALWAYS: LegalDay = '0001-01-01';

/**
 * The table a tenant computes by on a day: of those signed off and effective by then, the latest. A tenant that
 * has none yet begins with the table of this release.
 */
export async function findLawInUse(
  trx: RetentionTransaction,
  tenantId: string,
  on: LegalDay,
): Promise<NamedLaw> {
  const digest = (await findDigestInUse(trx, tenantId, on)) ?? (await begin(trx, tenantId, on));
  return lawOfDigest(digest, async () => {
    const content = await findContent(trx, tenantId, digest);
    if (content === undefined) throw new Error('an adopted law table is not there');
    return content;
  });
}

async function findDigestInUse(
  trx: RetentionTransaction,
  tenantId: string,
  on: LegalDay,
): Promise<string | undefined> {
  const { rows } = await sql<{ table_digest: Buffer }>`
    select table_digest from law_adoption
    where tenant_id = ${tenantId} and effective_on <= ${on}
    order by effective_on desc, confirmed_at desc limit 1`.execute(trx);
  return rows[0]?.table_digest.toString('base64url');
}

/** Whoever is first decides, also among instances of two releases. */
async function begin(trx: RetentionTransaction, tenantId: string, on: LegalDay): Promise<string> {
  await ensureTenant(trx, tenantId);
  await offerReleased(trx, tenantId);
  await sql`
    insert into law_adoption (tenant_id, adoption_id, table_digest, adopt_from, confirmed_at, effective_on)
    values (${tenantId}, ${randomUUID()}, ${bytesOf(RELEASED_LAW.digest)}, ${ALWAYS}, now(), ${ALWAYS})
    on conflict do nothing`.execute(trx);
  const digest = await findDigestInUse(trx, tenantId, on);
  if (digest === undefined) throw new Error('a tenant without a law table');
  return digest;
}

/** Lays the table of this release before a tenant. Where it has another of that version, that one stays. */
export async function offerReleased(trx: RetentionTransaction, tenantId: string): Promise<void> {
  const { law, digest } = RELEASED_LAW;
  await sql`
    insert into law_table (tenant_id, digest, version, source, content)
    select ${tenantId}, ${bytesOf(digest)}, ${law.version}, 'released', ${JSON.stringify(law)}::jsonb
    where not exists (
      select 1 from law_table where tenant_id = ${tenantId} and digest = ${bytesOf(digest)})
    on conflict do nothing`.execute(trx);
}

/** Keeps a table somebody loaded; false where it is there, or another of its version. */
export async function insertLoaded(
  trx: RetentionTransaction,
  tenantId: string,
  { law, digest, loadedBy }: NamedLaw & { loadedBy: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into law_table (tenant_id, digest, version, source, content, came_by)
    values (${tenantId}, ${bytesOf(digest)}, ${law.version}, 'loaded', ${JSON.stringify(law)}::jsonb, ${loadedBy})
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}

/** The newest version first. */
export async function listTables(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<KeptTable[]> {
  const { rows } = await sql<{
    digest: Buffer;
    version: string;
    source: KeptTable['source'];
    came_at: Date;
    came_by: string | null;
  }>`select digest, version::text, source, came_at, came_by from law_table
    where tenant_id = ${tenantId} order by version desc limit 1000`.execute(trx);
  return rows.map((row) => ({
    digest: row.digest.toString('base64url'),
    version: row.version,
    source: row.source,
    cameAt: row.came_at.toISOString(),
    cameBy: row.came_by,
  }));
}

/** Tables that people loaded and nobody has signed off. */
export async function countLoose(trx: RetentionTransaction, tenantId: string): Promise<number> {
  const { rows } = await sql<{ tables: number }>`
    select count(*)::int as tables from law_table t
    where tenant_id = ${tenantId} and source = 'loaded' and not exists (
      select 1 from law_adoption a where a.tenant_id = ${tenantId} and a.table_digest = t.digest
        and a.effective_on is not null)`.execute(trx);
  return rows[0]?.tables ?? 0;
}

export async function findContent(
  trx: RetentionTransaction,
  tenantId: string,
  digest: string,
): Promise<LawData | undefined> {
  const { rows } = await sql<{ content: LawData }>`
    select content from law_table
    where tenant_id = ${tenantId} and digest = ${bytesOf(digest)}`.execute(trx);
  return rows[0]?.content;
}

/** The bytes of a digest in text. */
export function bytesOf(digest: string): Buffer {
  return Buffer.from(digest, 'base64url');
}
