import type { TestDatabase } from '@mnv/testing';
import { asAdministrator } from './as-administrator.ts';

export type ReleaseRow = { rid: string; tenantId: string; firstIndex: number; entries: Buffer[] };

/** The egress history as an auditor reads it: every release row of a request id, with its entries' bytes. */
export async function releaseRows(database: TestDatabase, rid: string): Promise<ReleaseRow[]> {
  const rows = await asAdministrator<{
    rid: string;
    tenant_id: string;
    first_index: string;
    entries: Buffer;
  }>(database, 'select rid, tenant_id, first_index, entries from vault.release where rid = $1', [
    rid,
  ]);
  return rows.map((row) => ({
    rid: row.rid,
    tenantId: row.tenant_id,
    firstIndex: Number(row.first_index),
    entries: unframed(row.entries),
  }));
}

function unframed(bytes: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at);
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
