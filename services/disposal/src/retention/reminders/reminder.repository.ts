import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import type { Reminder } from './reminder.ts';

const ROUND_DAYS = 30;
/** The first pause covers the deadline of a delivery; each is twice the one before, up to a day. */
const MAX_PAUSE_MINUTES = 1_440;

/** Notes reminders of the tasks that are open: one when a task opens, one more for each thirty days. */
export async function noteReminders(
  trx: RetentionTransaction,
  tenantId: string,
  today: LegalDay,
): Promise<void> {
  await sql`
    insert into reminder (tenant_id, reminder_id, task_id, round)
    select ${tenantId}, gen_random_uuid(), task_id, greatest((${today}::date - opened_on) / ${ROUND_DAYS}::int, 0)
    from retention_task where tenant_id = ${tenantId} and closed_on is null
    on conflict (tenant_id, task_id, round) do nothing`.execute(trx);
  await sql`
    update reminder r set dropped_at = now()
    where tenant_id = ${tenantId} and sent_at is null and dropped_at is null and (
      exists (select from retention_task t
        where t.tenant_id = ${tenantId} and t.task_id = r.task_id and t.closed_on is not null)
      or exists (select from reminder later
        where later.tenant_id = ${tenantId} and later.task_id = r.task_id and later.round > r.round))`.execute(
    trx,
  );
}

/**
 * Takes the reminder that has waited longest, and moves its next attempt on: whoever dies with it in hand leaves
 * it for later. Undefined where none is due.
 */
export async function takeReminder(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<Reminder | undefined> {
  const { rows } = await sql<{
    reminder_id: string;
    round: number;
    topic: string;
    records: string;
    opened_on: string;
  }>`
    with taken as (
      update reminder set attempts = attempts + 1,
        next_try_at = now() + make_interval(mins => least(power(2, least(attempts, 20))::int, ${MAX_PAUSE_MINUTES}))
      where tenant_id = ${tenantId} and reminder_id = (
        select reminder_id from reminder
        where tenant_id = ${tenantId} and sent_at is null and dropped_at is null and next_try_at <= now()
        order by next_try_at limit 1 for update skip locked)
      returning reminder_id, task_id, round)
    select reminder_id, round, topic, records, opened_on::text
    from taken join retention_task t on t.tenant_id = ${tenantId} and t.task_id = taken.task_id
    where closed_on is null`.execute(trx);
  const [row] = rows;
  return (
    row && {
      reminderId: row.reminder_id,
      tenantId,
      topic: row.topic,
      count: Number(row.records),
      openedOn: row.opened_on,
      round: row.round,
    }
  );
}

export async function markSent(
  trx: RetentionTransaction,
  tenantId: string,
  reminderId: string,
): Promise<void> {
  await sql`update reminder set sent_at = now()
    where tenant_id = ${tenantId} and reminder_id = ${reminderId} and sent_at is null`.execute(trx);
}
