import { Router } from 'express';
import { z } from 'zod';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import type { Caller } from '@mnv/service-kit';
import { answer, callerOf } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';
import type { FindAccessList } from './access-list.ts';
import type { Administer } from './administer.ts';

const OPERATION = 'view-access-list';
const Day = z.iso.date();
const Query = z.strictObject({ from: Day, to: Day }).refine(({ from, to }) => from <= to);

export type AccessListRouteDependencies = {
  recordAct: RecordAct;
  administer: Administer;
  tenantExists(tenantId: string): Promise<boolean>;
  findAccessList: FindAccessList;
};

/** アクセス権を有する者 (別添1 0-C, C-c): for the tenant’s own reviewers, and for administrators of the operator company. */
export function accessListRoutes(deps: AccessListRouteDependencies): Router {
  return Router().get(
    '/v1/tenants/:tenantId/access-list',
    answer(async (req, res) => {
      const tenantId = String(req.params['tenantId']);
      const query = Query.safeParse(req.query);
      if (!query.success)
        throw new Refusal('invalid-request', 'Send "from" and "to", two days in order.');
      await recordView(callerOf(res), tenantId, deps);
      if (!(await deps.tenantExists(tenantId)))
        throw new Refusal('not-found', 'There is no such tenant.');
      return { body: { accessList: await deps.findAccessList(tenantId, query.data) } };
    }),
  );
}

/** Each view stands in the log of whoever looks. */
async function recordView(
  caller: Caller,
  tenantId: string,
  { recordAct, administer }: AccessListRouteDependencies,
): Promise<void> {
  if (caller.token.tenant === OPERATOR_TENANT) await administer(caller, OPERATION);
  else await recordAct(caller, { operation: OPERATION, scope: 'report:read', tenantId });
}
