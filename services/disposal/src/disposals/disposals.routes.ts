import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import type { Answer } from '@mnv/service-kit';
import { answer, callerOf, requireNdjson, whileAwaited } from '@mnv/service-kit';
import type { Acts } from '../acts/record-act.ts';
import type { View } from '../acts/views.ts';
import type { ActOnDisposal } from './act-on-disposal.ts';
import type { DeedName } from './disposal-deeds.ts';
import { noSuch } from './act-on-disposal.ts';
import { answerDisposal } from './answer-disposal.ts';
import { readDraft } from './draft-body.ts';
import type { DraftDisposal } from './draft-disposal.ts';
import type { Disposal, DisposalKey } from './disposal.ts';

const DRAFT_DEADLINE_MS = 30_000;
const DEED_DEADLINE_MS = 25_000;
const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{8,64}$/;
const PAGE = 100;

const ListQuery = z.strictObject({ before: z.string().refine(isUuid).optional() });

export type DisposalRoutesDependencies = {
  acts: Acts;
  view: View;
  draftDisposal: DraftDisposal;
  actOnDisposal: ActOnDisposal;
  findDisposal(key: DisposalKey): Promise<Disposal | undefined>;
  listDisposals(
    tenantId: string,
    page: { before: string | undefined; limit: number },
  ): Promise<Disposal[]>;
  /** As the vault says now, or as it said last when it does not answer. */
  lookIfPossible(disposal: Disposal): Promise<Disposal>;
};

/** Disposals of a tenant: what is to go, who asked, who approved, and how far it is. */
export function disposalRoutes(deps: DisposalRoutesDependencies): Router {
  const router = Router();
  router.post('/v1/tenants/:tenantId/disposals', requireNdjson(), async (req, res) => {
    const drafted = await whileAwaited(res, DRAFT_DEADLINE_MS, () => draft(req, res, deps));
    res.status(201).json(drafted);
  });
  router.get(
    '/v1/tenants/:tenantId/disposals',
    answer((req, res) => list(req, res, deps)),
  );
  router.get(
    '/v1/tenants/:tenantId/disposals/:disposalId',
    answer((req, res) => show(req, res, deps)),
  );
  const deed = (name: DeedName) => deedHandler(name, deps);
  router.post('/v1/tenants/:tenantId/disposals/:disposalId/request', deed('request'));
  router.post('/v1/tenants/:tenantId/disposals/:disposalId/approvals', deed('approve'));
  router.post('/v1/tenants/:tenantId/disposals/:disposalId/holds', deed('hold'));
  router.post('/v1/tenants/:tenantId/disposals/:disposalId/order', deed('order'));
  router.post('/v1/tenants/:tenantId/disposals/:disposalId/stop', deed('stop'));
  return router;
}

/** A step of a disposal: a signed or a plain act of a person. */
function deedHandler(name: DeedName, deps: DisposalRoutesDependencies): RequestHandler {
  return async (req, res) => {
    const asked = { key: keyOf(req), jws: req.get('mynumber-request') };
    const disposal = await whileAwaited(res, DEED_DEADLINE_MS, () =>
      deps.actOnDisposal(callerOf(res), name, asked),
    );
    res.json(answerDisposal(disposal));
  };
}

async function draft(req: Request, res: Response, deps: DisposalRoutesDependencies) {
  const caller = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  await deps.acts.require(caller, { operation: 'draft-disposal', tenantId });
  const idempotencyKey = idempotencyKeyOf(req);
  const order = { tenantId, idempotencyKey, ...(await readDraft(req)) };
  return deps.draftDisposal(caller, order);
}

async function list(
  req: Request,
  res: Response,
  deps: DisposalRoutesDependencies,
): Promise<Answer> {
  const tenantId = String(req.params['tenantId']);
  const query = ListQuery.safeParse(req.query);
  if (!query.success)
    throw new Refusal('invalid-request', 'Send "before" as it was given, and no more.');
  await deps.view(callerOf(res), { operation: 'list-disposals', tenantId }, '');
  const { before } = query.data;
  const found = await deps.listDisposals(tenantId, { before, limit: PAGE + 1 });
  const disposals = found.slice(0, PAGE);
  const last = found.length > PAGE ? disposals.at(-1) : undefined;
  return {
    body: {
      disposals: disposals.map((one) => answerDisposal(one)),
      ...(last && { next: last.disposalId }),
    },
  };
}

async function show(
  req: Request,
  res: Response,
  deps: DisposalRoutesDependencies,
): Promise<Answer> {
  const disposal = await viewed(req, res, deps, 'view-disposal');
  return { body: answerDisposal(await deps.lookIfPossible(disposal)) };
}

/** The disposal a path names, once it is written down that its reader looks at it. Throws Refusal. */
export async function viewed(
  req: Request,
  res: Response,
  deps: Pick<DisposalRoutesDependencies, 'acts' | 'view' | 'findDisposal'>,
  operation: 'view-disposal' | 'view-disposal-certificate',
): Promise<Disposal> {
  const caller = callerOf(res);
  const key = keyOf(req);
  const act = { operation, tenantId: key.tenantId };
  await deps.acts.require(caller, act);
  const disposal = await deps.findDisposal(key);
  const about = disposal ? { caseId: disposal.caseId, count: disposal.count } : {};
  await deps.view(caller, { ...act, ...about }, key.disposalId);
  if (!disposal) throw noSuch();
  return disposal;
}

/** Throws Refusal `not-found` for what cannot be the id of a disposal. */
export function keyOf(req: Request): DisposalKey {
  const disposalId = String(req.params['disposalId']);
  if (!isUuid(disposalId)) throw noSuch();
  return { tenantId: String(req.params['tenantId']), disposalId };
}

function idempotencyKeyOf(req: Request): string {
  const key = req.get('idempotency-key') ?? '';
  if (isUuid(key)) return key;
  if (!IDEMPOTENCY_KEY.test(key) || /[0-9]{12}/.test(key)) {
    throw new Refusal(
      'invalid-request',
      'Send Idempotency-Key: a UUID, or 8 to 64 of A-Z a-z 0-9 _ - without twelve digits in a row.',
    );
  }
  return key;
}
