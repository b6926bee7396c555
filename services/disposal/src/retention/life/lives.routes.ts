import { Router } from 'express';
import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import { answer } from '@mnv/service-kit';
import type { RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf } from '../retention-act.ts';
import type { ShownLife } from './show-life.ts';

const Query = z.strictObject({ asOf: z.iso.date().optional() });

export type LifeRouteDependencies = RetentionRouteDependencies & {
  /** Undefined where the tenant has no such record. */
  showLife(
    tenantId: string,
    recordId: string,
    asOf: LegalDay | undefined,
  ): Promise<ShownLife | undefined>;
};

/** How long one number and its documents live, and why: now, or as it was known on a past day. */
export function lifeRoutes(deps: LifeRouteDependencies): Router {
  return Router().get(
    '/v1/tenants/:tenantId/retention/records/:recordId',
    answer(async (req, res) => {
      const { caller, tenantId } = actingOf(req, res);
      const recordId = String(req.params['recordId']);
      if (!isUuid(recordId)) throw unknown();
      const query = Query.safeParse(req.query);
      if (!query.success || (query.data.asOf ?? '') > deps.today())
        throw new Refusal('invalid-request', 'asOf is a day, today or before: YYYY-MM-DD.');
      await deps.recordAct(caller, { ...VIEW, tenantId, recordId, count: 1 });
      const life = await deps.showLife(tenantId, recordId, query.data.asOf);
      if (life === undefined) throw unknown();
      return { body: life };
    }),
  );
}

function unknown(): Refusal {
  return new Refusal('record-not-found', 'The tenant has no such record.');
}
