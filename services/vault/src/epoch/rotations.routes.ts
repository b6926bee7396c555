import { Router } from 'express';
import { z } from 'zod';
import { OPERATOR_TENANT, Refusal, isUuid } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import type { RequireRight } from '../person.ts';
import { PersonEvidence } from '../person.ts';
import type { Rotation } from './rotation.repository.ts';

const RotationBody = z.strictObject({
  ...PersonEvidence,
  rotationId: z.string().refine(isUuid),
});

/**
 * Fresh keys everywhere: an epoch that erases nothing, ordered by an administrator of the operator company. Asked
 * for again with the same id, it is the same.
 */
export function rotationRoutes(deps: {
  requireRight: RequireRight;
  orderRotation(rotationId: string): Promise<void>;
  findRotation(rotationId: string): Promise<Rotation | undefined>;
}): Router {
  const router = Router();
  const show = async (rotationId: string) => {
    const found = await answerWithin(deadlineOf(1), deps.findRotation(rotationId));
    if (!found) throw new Refusal('not-found', 'There is no such rotation.');
    return found;
  };
  router.post('/internal/rotations', jsonBody(), async (req, res) => {
    const parsed = RotationBody.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    await deps.requireRight(parsed.data, { scope: 'admin', tenantId: OPERATOR_TENANT });
    await answerWithin(deadlineOf(1), deps.orderRotation(parsed.data.rotationId));
    res.status(202).json(await show(parsed.data.rotationId));
  });
  router.get('/internal/rotations/:id', async (req, res) => {
    const rotationId = req.params['id'];
    if (!isUuid(rotationId)) throw new Refusal('not-found', 'There is no such rotation.');
    res.json(await show(rotationId));
  });
  return router;
}
