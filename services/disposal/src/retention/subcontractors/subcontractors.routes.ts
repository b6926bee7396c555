import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { Refusal, isUuid } from '@mnv/core';
import type { Answer } from '@mnv/service-kit';
import { answer, jsonBody } from '@mnv/service-kit';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { RECORD, VIEW, actingOf, subjectOf } from '../retention-act.ts';
import type {
  DeletionPlace,
  NewSubcontractorCertificate,
  NewSubcontractorDeletion,
  SubcontractorDeletion,
} from './subcontractor-deletion.ts';
import { parseCertificate, parseDeletion, parsePlace, placeOf } from './subcontractor-deletion.ts';

const PAGE = 500;

export type SubcontractorRouteDependencies = RetentionRouteDependencies & {
  noteDeletion(
    acting: Acting,
    noted: NewSubcontractorDeletion & { deletionId: string },
  ): Promise<void>;
  takeCertificate(
    acting: Acting,
    received: NewSubcontractorCertificate & { deletionId: string },
  ): Promise<boolean>;
  listDeletions(
    tenantId: string,
    page: { after: DeletionPlace | undefined; limit: number },
  ): Promise<SubcontractorDeletion[]>;
};

/** Deletions other subcontractors do for the tenant, and what proves them (別添1 C-b ④). */
export function subcontractorRoutes(deps: SubcontractorRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/subcontractor-deletions';
  return Router()
    .get(
      base,
      answer(async (req, res) => {
        const { caller, tenantId } = actingOf(req, res);
        const after = parsePlace(req.query['after']);
        await deps.recordAct(caller, { ...VIEW, tenantId });
        const found = await deps.listDeletions(tenantId, { after, limit: PAGE + 1 });
        const last = found.length > PAGE ? found[PAGE - 1] : undefined;
        const deletions = found.slice(0, PAGE).map(shown);
        return { body: { deletions, ...(last && { next: placeOf(last) }) } };
      }),
    )
    .post(
      base,
      jsonBody(),
      answer(async (req, res) => {
        const acting = actingOf(req, res);
        const noted = parseDeletion(req.body);
        await deps.recordAct(acting.caller, { ...RECORD, tenantId: acting.tenantId });
        const deletionId = randomUUID();
        await deps.noteDeletion(acting, { ...noted, deletionId });
        return { status: 201, body: { deletionId } };
      }),
    )
    .post(
      `${base}/:deletionId/certificates`,
      jsonBody(),
      answer((req, res) => take(req, res, deps)),
    );
}

async function take(
  req: Request,
  res: Response,
  deps: SubcontractorRouteDependencies,
): Promise<Answer> {
  const acting = actingOf(req, res);
  const deletionId = String(req.params['deletionId']);
  if (!isUuid(deletionId)) throw new Refusal('not-found', 'No such deletion was noted.');
  const received = parseCertificate(req.body, deps.today());
  await deps.recordAct(acting.caller, { ...RECORD, tenantId: acting.tenantId });
  const isNew = await deps.takeCertificate(acting, { ...received, deletionId });
  return { status: isNew ? 201 : 200, body: { deletionId } };
}

function shown({ notedBy, certificates, ...rest }: SubcontractorDeletion): object {
  return {
    ...rest,
    notedBy: subjectOf(notedBy),
    certificates: certificates.map((one) => ({ ...one, receivedBy: subjectOf(one.receivedBy) })),
  };
}
