import { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '@mnv/core';
import { Refusal, isTenantId, isUuid, legalDayOf } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import { IdempotencyKey } from '../idempotency-key.ts';
import type { RequireRight } from '../person.ts';
import { PersonEvidence } from '../person.ts';
import type { ChangeNumber } from './change-number.ts';
import { parseNumberChange } from './number-change-schema.ts';

const Uuid = z.string().refine(isUuid);
const Body = z.strictObject({
  ...PersonEvidence,
  tenantId: z.string().refine(isTenantId),
  rid: Uuid,
  recordId: Uuid,
  key: IdempotencyKey,
  change: z.unknown(),
});

export type NumberChangeRouteDependencies = {
  requireRight: RequireRight;
  changeNumber: ChangeNumber;
  clock: Clock;
};

/** 番号変更, and the correction of a mistyped number. For the access proxy only. */
export function numberChangeRoutes(deps: NumberChangeRouteDependencies): Router {
  return Router().post('/internal/number-changes', jsonBody(), async (req, res) => {
    const parsed = Body.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    const { tenantId, rid, recordId, key, change: body, ...evidence } = parsed.data;
    const token = await deps.requireRight(evidence, { scope: 'number:write', tenantId });
    const change = parseNumberChange({ recordId, body }, legalDayOf(deps.clock()));
    const { clientId, subject: changedBy } = token;
    const changing = deps.changeNumber({ tenantId, clientId, changedBy, rid, key, change });
    const { recordId: successor, warning } = await answerWithin(deadlineOf(1), changing);
    res.status(201).json({ recordId: successor, ...(warning && { warning }) });
  });
}
