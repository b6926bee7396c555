import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import type { ServiceClient } from '@mnv/service-kit';
import { answer, callerOf, jsonBody } from '@mnv/service-kit';
import type { Administer } from '../registers/administer.ts';
import { wellFormed } from '../registers/administer.ts';
import { answered, evidenceOf } from './ask-vault.ts';

const CALL = { deadlineMs: 1_500 };
const Body = z.strictObject({ rotationId: z.string().refine(isUuid) });
const HELP = 'Send {"rotationId":"<uuid>"}.';

/** A fresh root version and fresh node keys, ordered by an administrator; it takes an erasure epoch's time. */
export function rotationRoutes(deps: {
  administer: Administer;
  vault: Pick<ServiceClient, 'json'>;
}): Router {
  const { administer, vault } = deps;
  return Router()
    .post(
      '/v1/rotations',
      jsonBody(),
      answer(async (req, res) => {
        const { rotationId } = wellFormed(Body, req.body, HELP);
        await administer(callerOf(res), 'rotate-keys');
        const order = { ...evidenceOf(callerOf(res)), rotationId };
        return {
          status: 202,
          body: answered(await vault.json('/internal/rotations', order, CALL)),
        };
      }),
    )
    .get(
      '/v1/rotations/:rotationId',
      answer(async (req, res) => {
        await administer(callerOf(res), 'view-rotation');
        const rotationId = String(req.params['rotationId']);
        if (!isUuid(rotationId)) throw new Refusal('not-found', 'There is no such rotation.');
        const path = `/internal/rotations/${rotationId}`;
        return { body: answered(await vault.json(path, undefined, CALL)) };
      }),
    );
}
