import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import { answer, jsonBody } from '@mnv/service-kit';
import { PlainText } from '../plain-text.ts';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf, subjectOf } from '../retention-act.ts';
import type { KeptHold, NewHold } from './hold.ts';
import { parseHold } from './hold.ts';
import type { PlacedHold } from './place-hold.ts';
import { recordSignedHold } from './require-signed-hold.ts';
import type { SignedHoldDependencies } from './require-signed-hold.ts';

const LiftBody = z.strictObject({ reason: PlainText(500) });

export type HoldRouteDependencies = RetentionRouteDependencies &
  SignedHoldDependencies & {
    place(acting: Acting, holdId: string, hold: NewHold): Promise<PlacedHold>;
    /** False when there is no such living hold. */
    lift(acting: Acting, holdId: string, reason: string): Promise<boolean>;
    /** Whether the vault knows of the tenant's holds now; it is told again until it does. */
    tellVault(tenantId: string): Promise<boolean>;
    listHolds(tenantId: string): Promise<KeptHold[]>;
  };

/** 法的保全: what must not be disposed of, and why. */
export function holdRoutes(deps: HoldRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/holds';
  return Router()
    .post(
      base,
      jsonBody(),
      answer((req, res) => place(req, res, deps)),
    )
    .post(
      `${base}/:holdId/lifts`,
      jsonBody(),
      answer((req, res) => lift(req, res, deps)),
    )
    .get(
      base,
      answer(async (req, res) => {
        const { caller, tenantId } = actingOf(req, res);
        await deps.recordAct(caller, { ...VIEW, tenantId });
        return { body: { holds: (await deps.listHolds(tenantId)).map(shown) } };
      }),
    );
}

async function place(req: Request, res: Response, deps: HoldRouteDependencies) {
  const acting = actingOf(req, res);
  const hold = parseHold(req.body, deps.today());
  await recordSignedHold(deps, acting, { req, change: { place: req.body as NewHold } });
  const holdId = randomUUID();
  const placed = await deps.place(acting, holdId, hold);
  const copiesKept = await deps.tellVault(acting.tenantId);
  return { status: 201, body: { holdId, ...placed, copiesKept } };
}

async function lift(req: Request, res: Response, deps: HoldRouteDependencies) {
  const acting = actingOf(req, res);
  const body = LiftBody.safeParse(req.body);
  if (!body.success) throw new Refusal('invalid-request', 'Send {"reason":…}.');
  const holdId = String(req.params['holdId']);
  // As it was sent: what is signed is not what was made of it here.
  const { reason } = req.body as { reason: string };
  const change = { lift: { holdId, reason } };
  await recordSignedHold(deps, acting, { req, change });
  if (!isUuid(holdId) || !(await deps.lift(acting, holdId, body.data.reason)))
    throw new Refusal('not-found', 'There is no such hold, or it was lifted.');
  await deps.tellVault(acting.tenantId);
  return { body: { holdId } };
}

function shown({ placedBy, liftedBy, ...rest }: KeptHold) {
  const lifted = liftedBy === null ? null : subjectOf(liftedBy);
  return { ...rest, placedBy: subjectOf(placedBy), liftedBy: lifted };
}
