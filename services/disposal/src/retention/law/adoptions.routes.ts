import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Law, LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import type { Answer } from '@mnv/service-kit';
import { answer, jsonBody } from '@mnv/service-kit';
import { PlainText } from '../plain-text.ts';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf, subjectOf } from '../retention-act.ts';
import type { KeptAdoption, KeptSimulation } from './adopt-law.ts';
import type { NamedLaw } from './law-in-use.ts';
import type { KeptTable } from './law-table.repository.ts';
import { MAX_LAW_BYTES, readLaw } from './read-law.ts';
import type { SimulationDependencies } from './simulate-law.ts';

const Digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Proposal = z.strictObject({
  simulationId: z.string().refine(isUuid),
  from: z.iso.date(),
  reason: PlainText(500),
});
const Signed = z.strictObject({ table: Digest, simulation: Digest });
const CHANGE = { operation: 'change-retention' } as const;

export type AdoptionRouteDependencies = RetentionRouteDependencies & {
  simulationOf(tenantId: string): SimulationDependencies;
  /** The table the tenant computes by today. */
  lawInUse(tenantId: string): Promise<NamedLaw>;
  findLaw(tenantId: string, digest: string): Promise<NamedLaw | undefined>;
  listTables(tenantId: string): Promise<{ inUse: string; tables: KeptTable[] }>;
  loadTable(acting: Acting, law: Law): Promise<{ digest: string; isNew: boolean }>;
  keepSimulation(acting: Acting, made: Omit<KeptSimulation, 'version'>): Promise<void>;
  findSimulation(tenantId: string, simulationId: string): Promise<KeptSimulation | undefined>;
  listAdoptions(tenantId: string): Promise<KeptAdoption[]>;
  propose(
    acting: Acting,
    proposal: { adoptionId: string; simulationId: string; from: LegalDay; reason: string },
  ): Promise<void>;
  confirm(
    acting: Acting,
    signed: { adoptionId: string; table: string; simulation: string },
  ): Promise<void>;
};

/** Law tables a tenant has, and how two of its people sign one off. */
export function adoptionRoutes(deps: AdoptionRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/law';
  const view = (of: (tenantId: string, id: string) => Promise<object | undefined>) =>
    answer(async (req, res) => {
      const { caller, tenantId } = actingOf(req, res);
      await deps.recordAct(caller, { ...VIEW, tenantId });
      const body = await of(tenantId, String(req.params['id']));
      if (body === undefined)
        throw new Refusal('not-found', 'There is no such table or simulation.');
      return { body };
    });
  return Router()
    .get(`${base}/tables`, view(deps.listTables))
    .get(
      `${base}/tables/:id`,
      view(async (tenantId, id) => (await deps.findLaw(tenantId, id))?.law),
    )
    .get(
      `${base}/simulations/:id`,
      view(async (tenantId, id) => {
        const found = isUuid(id) ? await deps.findSimulation(tenantId, id) : undefined;
        return found && { ...found, madeBy: subjectOf(found.madeBy) };
      }),
    )
    .get(
      `${base}/adoptions`,
      view(async (tenantId) => ({
        adoptions: (await deps.listAdoptions(tenantId)).map(shown),
      })),
    )
    .post(
      `${base}/tables`,
      jsonBody({ maxBytes: MAX_LAW_BYTES }),
      answer((req, res) => load(req, res, deps)),
    )
    .post(
      `${base}/adoptions`,
      jsonBody(),
      answer((req, res) => propose(req, res, deps)),
    )
    .post(
      `${base}/adoptions/:id/confirmations`,
      jsonBody(),
      answer((req, res) => confirm(req, res, deps)),
    );
}

async function load(req: Request, res: Response, deps: AdoptionRouteDependencies): Promise<Answer> {
  const acting = actingOf(req, res);
  const law = readLaw(req.body);
  await deps.recordAct(acting.caller, { ...CHANGE, tenantId: acting.tenantId });
  const { digest, isNew } = await deps.loadTable(acting, law);
  return { status: isNew ? 201 : 200, body: { digest, version: law.version } };
}

async function propose(
  req: Request,
  res: Response,
  deps: AdoptionRouteDependencies,
): Promise<Answer> {
  const acting = actingOf(req, res);
  const parsed = Proposal.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"simulationId":…,"from":a day,"reason":…}.');
  await deps.recordAct(acting.caller, { ...CHANGE, tenantId: acting.tenantId });
  const adoptionId = randomUUID();
  await deps.propose(acting, { adoptionId, ...parsed.data });
  return { status: 201, body: { adoptionId } };
}

async function confirm(
  req: Request,
  res: Response,
  deps: AdoptionRouteDependencies,
): Promise<Answer> {
  const acting = actingOf(req, res);
  const adoptionId = String(req.params['id']);
  if (!isUuid(adoptionId)) throw new Refusal('not-found', 'There is no such proposal.');
  const parsed = Signed.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"table":digest,"simulation":digest}.');
  await deps.recordAct(acting.caller, { ...CHANGE, tenantId: acting.tenantId });
  await deps.confirm(acting, { adoptionId, ...parsed.data });
  return { body: { adoptionId } };
}

function shown({ proposedBy, confirmedBy, ...rest }: KeptAdoption): object {
  const named = (person: string | null) => (person === null ? null : subjectOf(person));
  return { ...rest, proposedBy: named(proposedBy), confirmedBy: named(confirmedBy) };
}
