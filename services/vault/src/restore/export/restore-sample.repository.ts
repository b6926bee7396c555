import { randomUUID } from 'node:crypto';
import type { ExportedTenant, SampledRecord } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { Snapshot } from './key-tree-snapshot.repository.ts';
import { tenantsOf } from './key-tree-snapshot.repository.ts';

type Row = { record_id: string; position: string; sealed_number: Buffer | null };
type Wanted = { tenant: ExportedTenant; erased: boolean; limit: number };

/**
 * Records of a snapshot to try a restore on: `living` of the living ones at random, or all when there are
 * fewer, and as many erased ones at most. Record ids are random, so the ones behind a random id are a sample.
 */
export async function sampleRecords(snapshot: Snapshot, living: number): Promise<SampledRecord[]> {
  const tenants = await tenantsOf(snapshot);
  const leaves = tenants.reduce((sum, one) => sum + one.leaves, 0);
  const sample = new Map<string, SampledRecord>();
  const add = async (wanted: Wanted) => {
    for (const one of await recordsOf(snapshot, wanted)) sample.set(one.recordId, one);
  };
  for (const tenant of tenants) {
    const share = Math.ceil((living * tenant.leaves) / leaves);
    await add({ tenant, erased: false, limit: share });
  }
  // A tenant with fewer records than its leaves suggest leaves room for others.
  for (const tenant of tenants) {
    if (sample.size < living) await add({ tenant, erased: false, limit: living });
  }
  for (const tenant of tenants) {
    const share = Math.ceil((living * tenant.leaves) / leaves);
    await add({ tenant, erased: true, limit: share });
  }
  return [...sample.values()];
}

async function recordsOf(
  snapshot: Snapshot,
  { tenant, erased, limit }: Wanted,
): Promise<SampledRecord[]> {
  const { tenantId, ordinal: tree } = tenant;
  const from = randomUUID();
  await sql`select set_config('app.tenant', ${tenantId}, true)`.execute(snapshot);
  const { rows } = await sql<Row>`
    (select record_id, position, sealed_number from number_record
      where tenant_id = ${tenantId} and record_id >= ${from}::uuid
        and (disposed_at is not null) = ${erased} order by record_id limit ${limit})
    union all
    (select record_id, position, sealed_number from number_record
      where tenant_id = ${tenantId} and record_id < ${from}::uuid
        and (disposed_at is not null) = ${erased} order by record_id limit ${limit})
    limit ${limit}`.execute(snapshot);
  return rows.map(({ record_id: recordId, position, sealed_number }) => ({
    tenantId,
    tree,
    recordId,
    position: Number(position),
    blob: erased ? undefined : (sealed_number ?? Buffer.alloc(0)),
  }));
}
