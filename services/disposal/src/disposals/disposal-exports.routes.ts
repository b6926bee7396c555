import { Router } from 'express';
import type { Response } from 'express';
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
  findCertificate(key: DisposalKey): Promise<string | undefined>;
  forgetIndividualRefs(key: DisposalKey): Promise<void>;
};

/** What leaves about a disposal: its record ids, its certificate, and once the tenant's own list of persons. */
export function disposalExportRoutes(deps: DisposalExportsDependencies): Router {
  const router = Router();
  router.get('/v1/tenants/:tenantId/disposals/:disposalId/records', async (req, res) => {
    const disposal = await viewed(req, res, deps, 'view-disposal');
    await stream(res, disposal, deps, ({ recordId }) => ({ recordId }));
  });
  router.get(
    '/v1/tenants/:tenantId/disposals/:disposalId/certificate',
    answer(async (req, res) => {
      const disposal = await viewed(req, res, deps, 'view-disposal-certificate');
      const certificate = await deps.findCertificate(disposal);
      if (certificate === undefined) throw new Refusal('not-found', 'There is no certificate yet.');
      return { type: 'application/jose', body: certificate };
    }),
  );
  router.get('/v1/tenants/:tenantId/disposals/:disposalId/individual-refs', async (req, res) => {
    const key = keyOf(req);
    const disposal = await deps.findDisposal(key);
    await deps.acts.record(callerOf(res), refsAct('export-individual-refs', key, disposal));
    if (!disposal) throw noSuch();
    if (disposal.vaultState !== 'erased')
      throw new Refusal('disposal-closed', 'The list is handed out when the numbers are gone.');
    await stream(res, disposal, deps, (record) => record);
  });
  router.post(
    '/v1/tenants/:tenantId/disposals/:disposalId/individual-refs/received',
    answer(async (req, res) => {
      const key = keyOf(req);
      const disposal = await deps.findDisposal(key);
      const act = refsAct('discard-individual-refs', key, disposal);
      await deps.acts.carryOut(callerOf(res), act, async () => {
        if (!disposal) throw noSuch();
        if (disposal.vaultState !== 'erased')
          throw new Refusal('disposal-closed', 'The list was not handed out yet.');
        await deps.forgetIndividualRefs(key);
      });
      return { body: {} };
    }),
  );
  return router;
}

function refsAct(
  operation: 'export-individual-refs' | 'discard-individual-refs',
  { tenantId }: DisposalKey,
  disposal: Disposal | undefined,
) {
  const about = disposal ? { caseId: disposal.caseId, count: disposal.count } : {};
  return { operation, tenantId, ...about };
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
