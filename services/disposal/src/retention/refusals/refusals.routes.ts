import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import { answer, jsonBody } from '@mnv/service-kit';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { actingOf, subjectOf } from '../retention-act.ts';
import type { KeptCourse } from './course.ts';
import { lacksOf, standingSteps, stateOf } from './course.ts';
import type { RecordedStep } from './record-step.ts';
import type { ToldStep } from './refusal-step.ts';
import { parseStep } from './refusal-step.ts';

const PAGE = 200;
const Query = z.strictObject({ cursor: z.string().refine(isUuid).optional() });

/** `keptUntil`: first legal day on which it is kept for nothing; null while that is open. */
export type ShownCourse = KeptCourse & { held: boolean; keptUntil: LegalDay | null };

export type RefusalRouteDependencies = RetentionRouteDependencies & {
  recordStep(acting: Acting, told: ToldStep): Promise<RecordedStep>;
  listCourses(
    tenantId: string,
    page: { after: string | undefined; limit: number },
  ): Promise<ShownCourse[]>;
};

/** 提供拒否: the course of asking for a number that was not given, kept so that its absence is no neglect. */
export function refusalRoutes(deps: RefusalRouteDependencies): Router {
  const path = '/v1/tenants/:tenantId/retention/refusals';
  return Router()
    .post(
      path,
      jsonBody(),
      answer((req, res) => tell(req, res, deps)),
    )
    .get(
      path,
      answer((req, res) => list(req, res, deps)),
    );
}

async function tell(req: Request, res: Response, deps: RefusalRouteDependencies) {
  const acting = actingOf(req, res);
  const told = parseStep(req.body, deps.today());
  const { tenantId } = acting;
  await deps.recordAct(acting.caller, { operation: 'record-refusal', tenantId, count: 1 });
  const recorded = await deps.recordStep(acting, told);
  return {
    status: recorded.outcome === 'recorded' ? 201 : 200,
    body: { id: told.id, ...recorded },
  };
}

async function list(req: Request, res: Response, deps: RefusalRouteDependencies) {
  const { caller, tenantId } = actingOf(req, res);
  const query = Query.safeParse(req.query);
  if (!query.success) throw new Refusal('invalid-request', 'Send "cursor" as given, and no more.');
  await deps.recordAct(caller, { operation: 'view-refusals', tenantId, count: 0 });
  const found = await deps.listCourses(tenantId, { after: query.data.cursor, limit: PAGE });
  const next = found.length === PAGE ? found.at(-1)?.courseId : undefined;
  return { body: { refusals: found.map(shown), ...(next && { next }) } };
}

/** Withdrawn steps stay in sight: the course is read for years, and by others. */
function shown({ steps, ...course }: ShownCourse) {
  const standing = new Set(standingSteps({ steps }).map(({ id }) => id));
  return {
    ...course,
    state: stateOf({ steps }) ?? 'ended',
    lacks: lacksOf({ steps }),
    steps: steps.map(({ id, step, recordedOn, toldBy }) => ({
      id,
      ...step,
      recordedOn,
      toldBy: subjectOf(toldBy),
      stands: standing.has(id),
    })),
  };
}
