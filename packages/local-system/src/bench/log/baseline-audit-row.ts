import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Append } from './append-job.ts';

const INSERT = {
  name: 'insert-audit-rows',
  text: `insert into audit_row (tenant_id, record_id, subject, purpose, case_id)
    select 't-001', record_id, 'operator-1', 'TAX-WITHHOLD', 'PAYROLL-2026-12'
    from unnest($1::uuid[]) as r(record_id)`,
};

/** One transaction for each read or batch of reads, with an audit row for each record. */
export function auditRowAppender(pool: Pool): Append {
  return (entries) =>
    pool.query({ ...INSERT, values: [Array.from({ length: entries }, () => randomUUID())] });
}
