import { Router } from 'express';
import { Refusal } from '@mnv/core';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { answer, callerOf } from '@mnv/service-kit';
import type { Administer } from '../registers/administer.ts';
import { answered, evidenceOf } from './ask-vault.ts';

const CALL_DEADLINE_MS = 1_500;
const WORK_DEADLINE_MS = 8_000;
/** The entry first, and then the work. */
const ANSWER_DEADLINE_MS = 10_000;

/**
 * What administrators do about exports and restores of the vault. The entry of each act comes before it; when
 * the operator's log itself was set back, nothing of it can be done, and that has to be mended first.
 */
export function restoreRoutes(deps: {
  administer: Administer;
  vault: Pick<ServiceClient, 'json'>;
}): Router {
  const { administer, vault } = deps;
  const router = Router();
  router.get(
    '/v1/restore',
    answer(async (_req, res) => {
      await administer(callerOf(res), 'view-restore');
      const options = { deadlineMs: CALL_DEADLINE_MS };
      const { status, body } = await vault.json('/internal/restore-state', undefined, options);
      if (status !== 200) throw new Refusal('vault-unavailable', 'The vault did not answer.');
      return { body: body as object };
    }),
  );
  router.post(
    '/v1/restore/reconciliation',
    answer(async (_req, res) => {
      await administer(callerOf(res), 'reconcile-restore');
      return { body: await act(callerOf(res), '/internal/restore/reconciliation') };
    }, ANSWER_DEADLINE_MS),
  );
  router.post(
    '/v1/key-tree-exports',
    answer(async (_req, res) => {
      await administer(callerOf(res), 'export-key-tree');
      return { status: 201, body: await act(callerOf(res), '/internal/key-tree-exports') };
    }, ANSWER_DEADLINE_MS),
  );
  return router;

  async function act(caller: Caller, path: string): Promise<object> {
    return answered(await vault.json(path, evidenceOf(caller), { deadlineMs: WORK_DEADLINE_MS }));
  }
}
