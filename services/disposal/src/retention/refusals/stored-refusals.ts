import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { findStandingDecisions } from '../decisions/decision.repository.ts';
import { bearingOf } from '../decisions/topic.ts';
import { findLawInUse } from '../law/law-table.repository.ts';
import type { InTenant } from '../retention-store.ts';
import { ensureTenant } from '../tenant.repository.ts';
import { forgettableFrom } from './life-of-course.ts';
import { recordStep } from './record-step.ts';
import { courseStepOf, deleteCourses, findCourses } from './refusal.repository.ts';
import type { RefusalRouteDependencies, ShownCourse } from './refusals.routes.ts';

const COURSES_A_STEP = 500;

/** Refusals over the database. */
export function storedRefusals(
  inTenant: InTenant,
  today: () => LegalDay,
): Omit<RefusalRouteDependencies, 'recordAct' | 'today'> & {
  /** Deletes the courses of a tenant that are kept for nothing. Resolves with how many. */
  forgetCourses(tenantId: string): Promise<number>;
} {
  return {
    recordStep: ({ tenantId, person }, told) =>
      inTenant(tenantId, async (trx) => {
        await ensureTenant(trx, tenantId);
        const place = { tenantId, toldBy: person, today: today() };
        return recordStep(courseStepOf(trx, place), told);
      }),
    listCourses: (tenantId, page) =>
      inTenant(tenantId, (trx) => coursesIn(trx, { tenantId, today: today() }, page)),
    forgetCourses: (tenantId) => forgetCourses(inTenant, tenantId, today()),
  };
}

async function coursesIn(
  trx: RetentionTransaction,
  { tenantId, today }: { tenantId: string; today: LegalDay },
  page: { after: string | undefined; limit: number },
): Promise<ShownCourse[]> {
  const courses = await findCourses(trx, tenantId, page);
  if (courses.length === 0) return [];
  const decisions = bearingOf(await findStandingDecisions(trx, tenantId));
  const { law } = await findLawInUse(trx, tenantId, today);
  return courses.map((course) => ({
    ...course,
    keptUntil: forgettableFrom(course, { decisions, law }),
  }));
}

/** Each page in a transaction of its own; what was left by a runner that died is found by the next. */
async function forgetCourses(
  inTenant: InTenant,
  tenantId: string,
  today: LegalDay,
): Promise<number> {
  let forgotten = 0;
  let after: string | undefined;
  for (;;) {
    const page = await inTenant(tenantId, async (trx) => {
      const courses = await coursesIn(trx, { tenantId, today }, { after, limit: COURSES_A_STEP });
      const over = courses.filter(
        ({ held, keptUntil }) => !held && keptUntil !== null && keptUntil <= today,
      );
      const deleted = over.length === 0 ? 0 : await deleteCourses(trx, tenantId, over);
      return { deleted, last: courses.at(-1)?.courseId };
    });
    forgotten += page.deleted;
    if (page.last === undefined) return forgotten;
    after = page.last;
  }
}
