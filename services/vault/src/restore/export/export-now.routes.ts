import { Router } from 'express';
import { z } from 'zod';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin } from '../../answer-within.ts';
import type { RequireRight } from '../../person.ts';
import { PersonEvidence } from '../../person.ts';
import type { Exports } from './open-exports.ts';

/** Less than the proxy waits. An export that takes longer goes on, and is there at its end. */
const DEADLINE_MS = 7_500;
const Body = z.strictObject(PersonEvidence);

/** Exporting and verifying the key tree now: an act of an administrator of the operator company. */
export function exportNowRoutes(deps: {
  requireRight: RequireRight;
  exportNow: Exports['exportNow'];
}): Router {
  return Router().post('/internal/key-tree-exports', jsonBody(), async (req, res) => {
    const parsed = Body.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    await deps.requireRight(parsed.data, { scope: 'admin', tenantId: OPERATOR_TENANT });
    const written = await answerWithin(DEADLINE_MS, deps.exportNow());
    if (written === undefined) throw new Refusal('not-found', 'There is no key tree yet.');
    const { name, epoch, takenAt, bytes, nodes, digest } = written;
    const time = new Date(takenAt).toISOString();
    res.status(201);
    res.json({ name, epoch, takenAt: time, bytes, nodes, digest: digest.toString('base64url') });
  });
}
