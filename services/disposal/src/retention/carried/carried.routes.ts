import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { Answer } from '@mnv/service-kit';
import { answer, jsonBody } from '@mnv/service-kit';
import type { Acting, RetentionRouteDependencies } from '../retention-act.ts';
import { RECORD, actingOf, subjectOf } from '../retention-act.ts';
import type { CarriedEnd, CarriedItem, KeptCarriedItem } from './carried-item.ts';
import { parseCarriedEnd, parseCarriedItem } from './carried-item.ts';

const PAGE = 500;
const CARRY_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const ListQuery = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  after: z.string().regex(CARRY_ID).optional(),
});

export type CarriedRouteDependencies = RetentionRouteDependencies & {
  recordCarried(acting: Acting, item: CarriedItem): Promise<boolean>;
  endCarried(acting: Acting, carryId: string, end: CarriedEnd): Promise<boolean>;
  listCarried(
    tenantId: string,
    page: { from: LegalDay; to: LegalDay; after: string | undefined; limit: number },
  ): Promise<KeptCarriedItem[]>;
};

/** What was carried, how it was protected and who received it (別添1 C-b ②, E-c). */
export function carriedRoutes(deps: CarriedRouteDependencies): Router {
  const base = '/v1/tenants/:tenantId/retention/carried-items';
  return Router()
    .get(
      base,
      answer((req, res) => list(req, res, deps)),
    )
    .post(
      base,
      jsonBody(),
      answer(async (req, res) => {
        const acting = actingOf(req, res);
        const item = parseCarriedItem(req.body, deps.today());
        await deps.recordAct(acting.caller, { ...RECORD, tenantId: acting.tenantId });
        const isNew = await deps.recordCarried(acting, item);
        return { status: isNew ? 201 : 200, body: { id: item.id } };
      }),
    )
    .post(
      `${base}/:carryId/ends`,
      jsonBody(),
      answer(async (req, res) => {
        const acting = actingOf(req, res);
        const carryId = String(req.params['carryId']);
        if (!CARRY_ID.test(carryId)) throw new Refusal('not-found', 'There is no such entry.');
        const end = parseCarriedEnd(req.body, deps.today());
        await deps.recordAct(acting.caller, { ...RECORD, tenantId: acting.tenantId });
        const isNew = await deps.endCarried(acting, carryId, end);
        return { status: isNew ? 201 : 200, body: { id: carryId } };
      }),
    );
}

async function list(req: Request, res: Response, deps: CarriedRouteDependencies): Promise<Answer> {
  const { caller, tenantId } = actingOf(req, res);
  const query = ListQuery.safeParse(req.query);
  if (!query.success) throw new Refusal('invalid-request', 'Send from and to, two days.');
  await deps.recordAct(caller, { operation: 'export-register', tenantId });
  const { from, to, after } = query.data;
  const found = await deps.listCarried(tenantId, { from, to, after, limit: PAGE + 1 });
  const items = found.slice(0, PAGE).map(shown);
  const last = found.length > PAGE ? found[PAGE - 1]?.id : undefined;
  return { body: { items, ...(last !== undefined && { next: last }) } };
}

function shown({ recordedBy, end, ...rest }: KeptCarriedItem): object {
  return {
    ...rest,
    recordedBy: subjectOf(recordedBy),
    end: end && { ...end, recordedBy: subjectOf(end.recordedBy) },
  };
}
