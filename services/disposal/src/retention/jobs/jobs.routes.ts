import { Router } from 'express';
import { answer } from '@mnv/service-kit';
import type { RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf } from '../retention-act.ts';
import type { JobRun } from './job.repository.ts';

export type JobRouteDependencies = RetentionRouteDependencies & { listRuns(): Promise<JobRun[]> };

/** What retention did by itself, and when. */
export function jobRoutes(deps: JobRouteDependencies): Router {
  return Router().get(
    '/v1/tenants/:tenantId/retention/jobs',
    answer(async (req, res) => {
      const { caller, tenantId } = actingOf(req, res);
      await deps.recordAct(caller, { ...VIEW, tenantId });
      return { body: { runs: await deps.listRuns() } };
    }),
  );
}
