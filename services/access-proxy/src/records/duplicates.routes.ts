import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isUuid } from '@mnv/core';
import { answer, callerOf, writeLine } from '@mnv/service-kit';
import type { Answer, Caller } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';
import type { DuplicateCheckProgress, DuplicateRecord, VaultRecords } from './vault-records.ts';

/** Well within the life of the token that the vault is shown each time; whoever waits longer asks again. */
const WATCH_MS = 60_000;
const PAGE = 1_000;

/** Holders and record that the page before ended with. */
const Query = z.strictObject({
  cursor: z
    .string()
    .transform((text) => text.split('.'))
    .refine((parts) => parts.length === 2 && parts.every((part) => isUuid(part)))
    .transform(([holders = '', recordId = '']): DuplicateRecord => ({ holders, recordId }))
    .optional(),
});

export type DuplicateRouteDependencies = {
  recordAct: RecordAct;
  vault: Pick<VaultRecords, 'prepareDuplicateCheck' | 'readDuplicates'>;
};

/** Numbers that a tenant holds for several people: told while they are stored, and found afterwards. */
export function duplicateRoutes({ recordAct, vault }: DuplicateRouteDependencies): Router {
  const router = Router();
  // Before an import: has the vault make the numbers comparable, and tells how far that is, line by line.
  router.post('/v1/tenants/:tenantId/records/duplicate-check', async (req, res) => {
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
  router.get(
    '/v1/tenants/:tenantId/duplicates',
    answer((req, res) => {
      const query = Query.safeParse(req.query);
      if (!query.success)
        throw new Refusal('invalid-request', 'Send "cursor" as given, and no more.');
      const tenantId = String(req.params['tenantId']);
      return viewDuplicates({ caller: callerOf(res), tenantId, after: query.data.cursor });
    }),
  );
  return router;

  async function viewDuplicates(asked: {
    caller: Caller;
    tenantId: string;
    after: DuplicateRecord | undefined;
  }): Promise<Answer> {
    const { caller, tenantId, after } = asked;
    const view = {
      operation: 'view-duplicates',
      scope: 'record:read',
      tenantId,
      count: 0,
    } as const;
    const rid = await recordAct(caller, view);
    const page = await vault.readDuplicates(caller, { rid, limit: PAGE, ...(after && { after }) });
    const last = page.records.length === PAGE ? page.records.at(-1) : undefined;
    return { body: { ...page, ...(last && { next: `${last.holders}.${last.recordId}` }) } };
  }
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
