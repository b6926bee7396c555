import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import { answer, jsonBody } from '@mnv/service-kit';
import { PlainText } from '../plain-text.ts';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf, subjectOf } from '../retention-act.ts';
import type { KeptDecision } from './decide.ts';
import type { KeptTask } from './task.repository.ts';

const Proposal = z.strictObject({
  topic: z.string().max(60),
  value: z.string().max(40),
  reason: PlainText(500),
});

export type DecisionRouteDependencies = RetentionRouteDependencies & {
  propose(
    acting: Acting,
    proposal: { decisionId: string; topic: string; value: string; reason: string },
  ): Promise<void>;
  confirm(acting: Acting, decisionId: string): Promise<void>;
  listDecisions(tenantId: string): Promise<KeptDecision[]>;
  listTasks(tenantId: string): Promise<KeptTask[]>;
};

/** What waits for people, and what two of them decide. */
export function decisionRoutes(deps: DecisionRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention';
  const view = (of: (tenantId: string) => Promise<object>) =>
    answer(async (req, res) => {
      const { caller, tenantId } = actingOf(req, res);
      await deps.recordAct(caller, { ...VIEW, tenantId });
      return { body: await of(tenantId) };
    });
  return Router()
    .get(
      `${base}/tasks`,
      view(async (tenantId) => ({ tasks: await deps.listTasks(tenantId) })),
    )
    .get(
      `${base}/decisions`,
      view(async (tenantId) => ({ decisions: (await deps.listDecisions(tenantId)).map(shown) })),
    )
    .post(
      `${base}/decisions`,
      jsonBody(),
      answer((req, res) => propose(req, res, deps)),
    )
    .post(
      `${base}/decisions/:decisionId/confirmations`,
      answer((req, res) => confirm(req, res, deps)),
    );
}

async function propose(req: Request, res: Response, deps: DecisionRouteDependencies) {
  const acting = actingOf(req, res);
  const parsed = Proposal.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"topic":…,"value":…,"reason":…}.');
  await deps.recordAct(acting.caller, { ...CHANGE, tenantId: acting.tenantId });
  const decisionId = randomUUID();
  await deps.propose(acting, { decisionId, ...parsed.data });
  return { status: 201, body: { decisionId } };
}

async function confirm(req: Request, res: Response, deps: DecisionRouteDependencies) {
  const acting = actingOf(req, res);
  const decisionId = String(req.params['decisionId']);
  if (!isUuid(decisionId)) throw new Refusal('not-found', 'There is no such proposal.');
  await deps.recordAct(acting.caller, { ...CHANGE, tenantId: acting.tenantId });
  await deps.confirm(acting, decisionId);
  return { body: { decisionId } };
}

const CHANGE = { operation: 'change-retention' } as const;

function shown({ proposedBy, confirmedBy, ...rest }: KeptDecision) {
  const confirmed = confirmedBy === null ? null : subjectOf(confirmedBy);
  return { ...rest, proposedBy: subjectOf(proposedBy), confirmedBy: confirmed };
}
