import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isUuid } from '@mnv/core';
import { answer, jsonBody, whileAwaited, writeLine } from '@mnv/service-kit';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { VIEW, actingOf, subjectOf } from '../retention-act.ts';
import type { DryRunAsked, KeptDryRun } from './dry-run.ts';
import { parseDryRun } from './dry-run.ts';
import type { DueCursor, DuePage } from './list-due.ts';
import type { ReadyRecord } from './ready-part.ts';

/** A list of a million records takes that long on a busy machine. */
const DRY_RUN_DEADLINE_MS = 120_000;
const MAX_PAGE = 1_000;
const CURSOR = /^(\d{4}-\d{2}-\d{2})_([0-9a-f-]{36})$/;

const DueQuery = z.strictObject({
  until: z.iso.date().optional(),
  cursor: z.string().regex(CURSOR).optional(),
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/)
    .transform(Number)
    .refine((limit) => limit <= MAX_PAGE)
    .default(MAX_PAGE),
});

export type DueRouteDependencies = RetentionRouteDependencies & {
  listDue(
    tenantId: string,
    asked: { until: LegalDay; after: DueCursor | undefined; limit: number },
  ): Promise<DuePage>;
  makeDryRun(acting: Acting, dryRunId: string, asked: DryRunAsked): Promise<KeptDryRun>;
  findDryRun(tenantId: string, dryRunId: string): Promise<KeptDryRun | undefined>;
  /** The records of one part, as they may be requested today. */
  readyPart(tenantId: string, dryRunId: string, part: number): Promise<ReadyRecord[]>;
};

/** What is due, and the dry run that people look at before anybody requests a disposal. */
export function dueRoutes(deps: DueRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention';
  return Router()
    .get(
      `${base}/due`,
      answer((req, res) => listDue(req, res, deps)),
    )
    .post(`${base}/dry-runs`, jsonBody(), (req, res) => makeDryRun(req, res, deps))
    .get(
      `${base}/dry-runs/:dryRunId`,
      answer((req, res) => showDryRun(req, res, deps)),
    )
    .get(`${base}/dry-runs/:dryRunId/parts/:part`, (req, res) => sendPart(req, res, deps));
}

async function listDue(req: Request, res: Response, deps: DueRouteDependencies) {
  const { caller, tenantId } = actingOf(req, res);
  const query = DueQuery.safeParse(req.query);
  if (!query.success)
    throw new Refusal('invalid-request', 'Mend: until (a day), cursor, limit (1 to 1000).');
  const { until = deps.today(), cursor = '', limit } = query.data;
  const [, dueSince, recordId] = CURSOR.exec(cursor) ?? [];
  const after = dueSince && recordId ? { dueSince, recordId } : undefined;
  await deps.recordAct(caller, { ...VIEW, tenantId });
  return { body: await deps.listDue(tenantId, { until, after, limit }) };
}

async function makeDryRun(req: Request, res: Response, deps: DueRouteDependencies): Promise<void> {
  const acting = actingOf(req, res);
  const asked = parseDryRun(req.body, deps.today());
  await deps.recordAct(acting.caller, { ...VIEW, tenantId: acting.tenantId });
  const made = await whileAwaited(res, DRY_RUN_DEADLINE_MS, () =>
    deps.makeDryRun(acting, randomUUID(), asked),
  );
  res.status(201).json(shown(made));
}

async function showDryRun(req: Request, res: Response, deps: DueRouteDependencies) {
  const { caller, tenantId } = actingOf(req, res);
  await deps.recordAct(caller, { ...VIEW, tenantId });
  const found = await deps.findDryRun(tenantId, dryRunIdOf(req));
  if (found === undefined) throw unknown();
  return { body: shown(found) };
}

/** The records of one part, one a line, in the order of the batch. */
async function sendPart(req: Request, res: Response, deps: DueRouteDependencies): Promise<void> {
  const { caller, tenantId } = actingOf(req, res);
  const part = Number(req.params['part']);
  if (!Number.isInteger(part) || part < 1) throw unknown();
  await deps.recordAct(caller, { ...VIEW, tenantId });
  const records = await deps.readyPart(tenantId, dryRunIdOf(req), part);
  res.type('application/x-ndjson');
  for (const record of records) await writeLine(res, `${JSON.stringify(record)}\n`);
  res.end();
}

function dryRunIdOf(req: Request): string {
  const dryRunId = String(req.params['dryRunId']);
  if (!isUuid(dryRunId)) throw unknown();
  return dryRunId;
}

function unknown(): Refusal {
  return new Refusal('not-found', 'There is no such dry run.');
}

function shown({ madeBy, ...rest }: KeptDryRun) {
  return { ...rest, madeBy: subjectOf(madeBy) };
}
