import { Router } from 'express';
import type { Request, Response } from 'express';
import { Refusal } from '@mnv/core';
import { answer, callerOf, writeLine } from '@mnv/service-kit';
import type { Acts } from '../acts/record-act.ts';
import type { View } from '../acts/views.ts';
import { noSuch } from './act-on-disposal.ts';
import type { Disposal, DisposalKey, DisposalRecord } from './disposal.ts';
import { keyOf, viewed } from './disposals.routes.ts';

const LINES_A_READ = 1_000;

export type DisposalExportsDependencies = {
  acts: Acts;
  view: View;
  findDisposal(key: DisposalKey): Promise<Disposal | undefined>;
  readRecords(key: DisposalKey, page: { from: number; limit: number }): Promise<DisposalRecord[]>;
  forgetIndividualRefs(key: DisposalKey): Promise<void>;
};

/** What leaves about a disposal: its record ids, and once the tenant's own list of persons. */
export function disposalExportRoutes(deps: DisposalExportsDependencies): Router {
  const router = Router();
  router.get('/v1/tenants/:tenantId/disposals/:disposalId/records', async (req, res) => {
    const disposal = await viewed(req, res, deps, 'view-disposal');
    await stream(res, disposal, deps, ({ recordId }) => ({ recordId }));
  });
  router.get('/v1/tenants/:tenantId/disposals/:disposalId/individual-refs', async (req, res) => {
    const disposal = await carryOutOnList(req, res, 'export-individual-refs', (erased) =>
      Promise.resolve(erased),
    );
    await stream(res, disposal, deps, (record) => record);
  });
  router.post(
    '/v1/tenants/:tenantId/disposals/:disposalId/individual-refs/received',
    answer(async (req, res) => {
      await carryOutOnList(req, res, 'discard-individual-refs', deps.forgetIndividualRefs);
      return { body: {} };
    }),
  );
  return router;

  /** What is done with the list of persons. The right comes first: who has none learns nothing of the disposal. */
  async function carryOutOnList<T>(
    req: Request,
    res: Response,
    operation: 'export-individual-refs' | 'discard-individual-refs',
    work: (disposal: Disposal) => Promise<T>,
  ): Promise<T> {
    const [caller, key] = [callerOf(res), keyOf(req)];
    const act = { operation, tenantId: key.tenantId };
    await deps.acts.require(caller, act);
    const disposal = await deps.findDisposal(key);
    const about = disposal ? { caseId: disposal.caseId, count: disposal.count } : {};
    return deps.acts.carryOut(caller, { ...act, ...about }, async () => {
      if (!disposal) throw noSuch();
      if (disposal.vaultState !== 'erased')
        throw new Refusal('disposal-closed', 'The list is handed out when the numbers are gone.');
      return work(disposal);
    });
  }
}

/** One line a record, in the order that is hashed, while the reader keeps up. */
async function stream(
  res: Response,
  disposal: Disposal,
  { readRecords }: DisposalExportsDependencies,
  lineOf: (record: DisposalRecord) => object,
): Promise<void> {
  res.type('application/x-ndjson');
  for (let from = 0; from < disposal.count; from += LINES_A_READ) {
    const records = await readRecords(disposal, { from, limit: LINES_A_READ });
    await writeLine(res, records.map((one) => `${JSON.stringify(lineOf(one))}\n`).join(''));
  }
  res.end();
}
