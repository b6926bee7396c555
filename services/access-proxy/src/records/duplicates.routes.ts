import { Router } from 'express';
import { callerOf, writeLine } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';
import type { DuplicateCheckProgress, VaultRecords } from './vault-records.ts';

/** Well within the life of the token that the vault is shown each time; whoever waits longer asks again. */
const WATCH_MS = 60_000;

export type DuplicateRouteDependencies = {
  recordAct: RecordAct;
  vault: Pick<VaultRecords, 'prepareDuplicateCheck'>;
};

/** Before an import: has the vault make the tenant's numbers comparable, and tells how far that is, line by line. */
export function duplicateRoutes({ recordAct, vault }: DuplicateRouteDependencies): Router {
  return Router().post('/v1/tenants/:tenantId/records/duplicate-check', async (req, res) => {
    const caller = callerOf(res);
    const rid = await recordAct(caller, {
      operation: 'prepare-duplicate-check',
      scope: 'number:write',
      tenantId: String(req.params['tenantId']),
      handling: 'store',
      count: 0,
    });
    const ask = () => vault.prepareDuplicateCheck(caller, { rid });
    const first = await ask();
    res.type('application/x-ndjson');
    for await (const progress of progressOf(first, ask))
      await writeLine(res, `${JSON.stringify(progress)}\n`);
    res.end();
  });
}

async function* progressOf(
  first: DuplicateCheckProgress,
  ask: () => Promise<DuplicateCheckProgress>,
): AsyncGenerator<DuplicateCheckProgress> {
  const until = performance.now() + WATCH_MS;
  let latest = first;
  yield latest;
  while (latest.state === 'building' && performance.now() < until) {
    // The vault answers at once when there is nothing to wait for, and twice a second otherwise.
    latest = await ask();
    yield latest;
  }
}
