import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { RetentionTransaction } from '../database.ts';
import type { KeptCourse, KeptStep } from './course.ts';
import type { CourseStep } from './record-step.ts';
import type { CourseKey, Step, ToldStep } from './refusal-step.ts';

type Row = {
  course_id: string;
  individual_ref: string;
  subject: CourseKey['subject'];
  purpose: string;
  steps: { id: string; step: Step; recordedOn: string; toldBy: string }[] | null;
};

/** A course and its steps as they were told; `c` is the course. */
const COURSE = sql`c.course_id, c.individual_ref, c.subject, c.purpose, (
  select jsonb_agg(jsonb_build_object('id', s.step_id, 'step', s.content, 'recordedOn', s.recorded_on,
    'toldBy', s.told_by) order by s.told)
  from refusal_step s where s.tenant_id = c.tenant_id and s.course_id = c.course_id) as steps`;

function courseFrom(row: Row): KeptCourse {
  const steps: KeptStep[] = row.steps ?? [];
  const { course_id: courseId, individual_ref: individualRef, subject, purpose } = row;
  return { courseId, individualRef, subject, purpose, steps };
}

/** The steps of one transaction, in the name of whoever tells them. */
export function courseStepOf(
  trx: RetentionTransaction,
  { tenantId, toldBy, today }: { tenantId: string; toldBy: string; today: LegalDay },
): CourseStep {
  return {
    async findCourses({ individualRef, subject, purpose }) {
      await sql`select pg_advisory_xact_lock(hashtextextended(
        ${['refusal', tenantId, subject, purpose, individualRef].join(' ')}::text, 0))`.execute(
        trx,
      );
      const { rows } = await sql<Row>`
        select ${COURSE} from refusal_course c
        where c.tenant_id = ${tenantId} and c.individual_ref = ${individualRef}
          and c.subject = ${subject} and c.purpose = ${purpose}
        order by c.opened_at, c.course_id`.execute(trx);
      return rows.map(courseFrom);
    },
    async findCourseOfStep(stepId) {
      const { rows } = await sql<Row>`
        select ${COURSE} from refusal_course c
        join refusal_step named on named.tenant_id = c.tenant_id and named.course_id = c.course_id
        where named.tenant_id = ${tenantId} and named.step_id = ${stepId}`.execute(trx);
      return rows.map(courseFrom)[0];
    },
    async insertCourse(courseId, { individualRef, subject, purpose }) {
      await sql`
        insert into refusal_course (tenant_id, course_id, individual_ref, subject, purpose)
        values (${tenantId}, ${courseId}::uuid, ${individualRef}, ${subject}, ${purpose})`.execute(
        trx,
      );
    },
    insertStep: (courseId, told) => insertStep(trx, { tenantId, toldBy, today, courseId }, told),
  };
}

async function insertStep(
  trx: RetentionTransaction,
  place: { tenantId: string; toldBy: string; today: LegalDay; courseId: string },
  { id, step }: ToldStep,
): Promise<void> {
  const { tenantId, toldBy, today, courseId } = place;
  const { numAffectedRows } = await sql`
    insert into refusal_step (tenant_id, step_id, course_id, content, recorded_on, told_by)
    values (${tenantId}, ${id}, ${courseId}::uuid, ${JSON.stringify(step)}::jsonb, ${today}::date,
      ${toldBy})
    on conflict do nothing`.execute(trx);
  // The same id at the same moment about another course: whoever was second is told by asking again.
  if (numAffectedRows !== 1n)
    throw new Refusal('idempotency-in-flight', 'The same step is being told right now. Try again.');
}

/** Courses behind an id, in their order; `held`: a legal hold covers the individual, or the tenant. */
export async function findCourses(
  trx: RetentionTransaction,
  tenantId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<(KeptCourse & { held: boolean })[]> {
  const { rows } = await sql<Row & { held: boolean }>`
    select ${COURSE}, exists (
      select from legal_hold h where h.tenant_id = c.tenant_id and h.lifted_at is null and (h.scope = 'tenant'
        or exists (select from legal_hold_individual i where i.tenant_id = h.tenant_id
          and i.hold_id = h.hold_id and i.individual_ref = c.individual_ref))) as held
    from refusal_course c
    where c.tenant_id = ${tenantId} and (${after ?? null}::uuid is null or c.course_id > ${after ?? null}::uuid)
    order by c.course_id limit ${limit}`.execute(trx);
  return rows.map((row) => ({ ...courseFrom(row), held: row.held }));
}

/** Forgets whole courses, but for one that a step was added to since it was read. */
export async function deleteCourses(
  trx: RetentionTransaction,
  tenantId: string,
  courses: readonly KeptCourse[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from refusal_course c
    using unnest(${courses.map(({ courseId }) => courseId)}::uuid[],
      ${courses.map(({ steps }) => steps.length)}::integer[]) as seen(course_id, steps)
    where c.tenant_id = ${tenantId} and c.course_id = seen.course_id and seen.steps = (
      select count(*) from refusal_step s
      where s.tenant_id = c.tenant_id and s.course_id = c.course_id)`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Open courses in which an individual was asked once, and nothing has happened since a day. */
export async function countToAskAgain(
  trx: RetentionTransaction,
  tenantId: string,
  before: LegalDay,
): Promise<number> {
  const { rows } = await sql<{ courses: string }>`
    select count(*) as courses from (
      select s.course_id from refusal_step s
      where s.tenant_id = ${tenantId} and s.content ->> 'kind' <> 'withdrawn' and not exists (
        select from refusal_step w where w.tenant_id = s.tenant_id and w.course_id = s.course_id
          and w.content ->> 'kind' = 'withdrawn' and w.content ->> 'step' = s.step_id)
      group by s.course_id
      having count(*) filter (where s.content ->> 'kind' = 'asked') = 1
        and count(*) filter (where s.content ->> 'kind' in ('provided', 'ended')) = 0
        and max(s.content ->> 'on') < ${before}) waiting`.execute(trx);
  return Number(rows[0]?.courses ?? 0);
}
