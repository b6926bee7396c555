import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';

/** Something that waits for people, and how many records it concerns. */
export type KeptTask = {
  taskId: string;
  topic: string;
  records: number;
  openedOn: LegalDay;
  closedOn: LegalDay | null;
};

/**
 * What waits for people on a day: undecided settings, unsure law that would come to bear, facts nobody told,
 * records overdue since before `overdueBefore`, dependants without an employee, frozen records that are not
 * due any more, holds to review, papers to destroy.
 */
export async function countOpenTopics(
  trx: RetentionTransaction,
  tenantId: string,
  { today, overdueBefore }: { today: LegalDay; overdueBefore: LegalDay },
): Promise<Map<string, number>> {
  const { rows } = await sql<{ topic: string; records: string }>`
    with living as (
      select r.record_id, r.subject, r.related_ref, r.state, l.*
      from tracked_record r join record_life l using (tenant_id, record_id)
      where r.tenant_id = ${tenantId} and r.state <> 'erased'),
    open as (
      select 'book' as topic from living where 'R-BOOK:book-undecided' = any(blocked_by)
      union all select 'contract-end' from living where ':contract-ended' = any(blocked_by)
      union all select 'missing/omission' from living
        where blocked_by = array['R-BOOK:clock-not-started'] and keep_through < ${today}
      union all select 'not-computable' from living where ':not-computable' = any(blocked_by)
      union all select 'missing/ground' from living where ':no-rule' = any(blocked_by)
      union all select 'overdue' from living where state = 'living' and deletable_from < ${overdueBefore}
      union all select 'orphan' from living where subject in ('D', 'S3') and ':relation-alive' = any(blocked_by)
        and not exists (select 1 from tracked_record o where o.tenant_id = ${tenantId} and o.subject = 'E'
          and o.individual_ref = living.related_ref and o.state <> 'erased')
      union all select 'recall' from living where state = 'frozen' and coalesce(deletable_from > ${today}, true)
      union all select 'documents' from living where documents_due_from <= ${today}
      union all select 'rule/' || split_part(block, ':', 1)
        from living, unnest(documents_blocked_by) as block
        where documents_open_from < ${today} and split_part(block, ':', 2) in ('needs-check', 'maximum-only')
      union all select 'hold-review' from legal_hold
        where tenant_id = ${tenantId} and lifted_at is null and review_on <= ${today})
    select topic, count(*) as records from open group by topic`.execute(trx);
  return new Map(rows.map((row) => [row.topic, Number(row.records)]));
}

/** Opens, counts and closes the tasks of a tenant by what is open on a day. */
export async function refreshTasks(
  trx: RetentionTransaction,
  tenantId: string,
  { today, open }: { today: LegalDay; open: ReadonlyMap<string, number> },
): Promise<void> {
  const topics = [...open.keys()];
  const counts = [...open.values()];
  await sql`
    insert into retention_task as t (tenant_id, task_id, topic, records, opened_on)
    select ${tenantId}, n.task_id, n.topic, n.records, ${today}
    from unnest(${topics.map(() => randomUUID())}::uuid[], ${topics}::text[], ${counts}::bigint[])
      as n(task_id, topic, records)
    on conflict (tenant_id, topic) where closed_on is null do update set records = excluded.records`.execute(
    trx,
  );
  await sql`
    update retention_task set closed_on = ${today}
    where tenant_id = ${tenantId} and closed_on is null and topic <> all(${topics}::text[])`.execute(
    trx,
  );
}

/** Open tasks first, then the closed ones of late. */
export async function listTasks(trx: RetentionTransaction, tenantId: string): Promise<KeptTask[]> {
  const { rows } = await sql<{
    task_id: string;
    topic: string;
    records: string;
    opened_on: string;
    closed_on: string | null;
  }>`
    select task_id, topic, records, opened_on::text, closed_on::text from retention_task
    where tenant_id = ${tenantId} order by closed_on desc nulls first, topic limit 1000`.execute(
    trx,
  );
  return rows.map((row) => ({
    taskId: row.task_id,
    topic: row.topic,
    records: Number(row.records),
    openedOn: row.opened_on,
    closedOn: row.closed_on,
  }));
}
