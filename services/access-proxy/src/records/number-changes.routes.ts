import { Router } from 'express';
import type { Request, Response } from 'express';
import { Refusal, isUuid } from '@mnv/core';
import { answer, callerOf, jsonBody } from '@mnv/service-kit';
import type { Answer } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { recordWarnings } from './record-warnings.ts';
import type { VaultRecords } from './vault-records.ts';

export type NumberChangeRouteDependencies = {
  recordAct: RecordAct;
  vault: Pick<VaultRecords, 'changeNumber'>;
};

/** 番号変更, and the correction of a mistyped number: a new record takes the place of the one named. */
export function numberChangeRoutes(deps: NumberChangeRouteDependencies): Router {
  return Router().post(
    '/v1/tenants/:tenantId/records/:recordId/number-changes',
    jsonBody(),
    answer((req, res) => changeNumber(req, res, deps)),
  );
}

async function changeNumber(
  req: Request,
  res: Response,
  { recordAct, vault }: NumberChangeRouteDependencies,
): Promise<Answer> {
  const caller = callerOf(res);
  const [tenantId, recordId] = [String(req.params['tenantId']), String(req.params['recordId'])];
  if (!isUuid(recordId)) throw new Refusal('record-not-found', 'The tenant has no such record.');
  const key = idempotencyKeyOf(req);
  const act = { operation: 'change-number', scope: 'number:write', tenantId, recordId } as const;
  const rid = await recordAct(caller, { ...act, handling: 'store' });
  const changed = await vault.changeNumber(caller, { rid, recordId, key, change: req.body });
  await recordWarnings(caller, { tenantId, rid, lines: [changed] }, recordAct);
  return { status: 201, body: changed };
}
