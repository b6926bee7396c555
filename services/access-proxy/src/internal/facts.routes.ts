import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { isTenantId, isUuid } from '@mnv/core';
import type { ServiceOperation } from '@mnv/protocol';
import { answer, jsonBody, peerOf } from '@mnv/service-kit';
import type { VaultDocuments } from '../identity-documents/vault-documents.ts';
import type { LogIdentity } from '../log/log-head.ts';
import type { EntriesBetween } from '../log/read-entries.ts';
import type { Days, FindAccessList } from '../registers/access-list.ts';
import { parsePeriod } from '../reports/period.ts';
import { MAX_BODY_BYTES, ServiceActBody, wellFormed } from './entries.routes.ts';
import type { RecordServiceActs } from './record-service-acts.ts';

/** A log of a year is read through. */
const READ_DEADLINE_MS = 50_000;
const Day = z.iso.date();

const entryOf = (operation: ServiceOperation) =>
  ServiceActBody.refine(({ op, dec }) => op === operation && dec === 'allow');

/** The entry is written down before the answer: what the person looks at, with the evidence of who it is. */
const asking = (operation: ServiceOperation) =>
  z
    .strictObject({
      tenantId: z.string().refine(isTenantId),
      entry: entryOf(operation),
      from: Day,
      to: Day,
    })
    .refine(({ from, to }) => from <= to);
const AskAccessList = asking('view-access-list');
const AskPurges = z.strictObject({
  tenantId: z.string().refine(isTenantId),
  entry: entryOf('view-identity-document-purges'),
  cursor: z.string().refine(isUuid).optional(),
});
const AskDisposalActs = asking('view-disposal-acts');
const DISPOSAL_ACTS = new Set(['request-disposal', 'approve-disposal', 'order-disposal']);

export type FactsRoutesDependencies = {
  recordServiceActs: RecordServiceActs;
  findAccessList: FindAccessList;
  purgedDocuments: VaultDocuments['purged'];
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  entriesBetween: EntriesBetween;
};

/** What a person looks at through another service, and only this one knows. Stands behind the same door as entries. */
export function factsRoutes(deps: FactsRoutesDependencies): Router {
  const body = jsonBody({ maxBytes: MAX_BODY_BYTES });
  return Router()
    .post(
      '/internal/access-list',
      body,
      answer(async (req) => {
        const { tenantId, from, to } = await recorded(req, AskAccessList, deps);
        return { body: { accessList: await deps.findAccessList(tenantId, { from, to }) } };
      }),
    )
    .post(
      '/internal/identity-document-purges',
      body,
      answer(async (req) => {
        const { tenantId, entry, cursor: after } = wellFormed(AskPurges, req.body);
        const order = { tenantId, entries: [entry] };
        const [caller] = (await deps.recordServiceActs(peerOf(req), order)).callers;
        if (caller === undefined) throw new Error('an act was recorded for nobody');
        const page = { rid: entry.rid, ...(after !== undefined && { after }) };
        return { body: await deps.purgedDocuments(caller, page) };
      }),
    )
    .post(
      '/internal/disposal-acts',
      body,
      answer(async (req) => {
        const { tenantId, from, to } = await recorded(req, AskDisposalActs, deps);
        return { body: { acts: await disposalActs(tenantId, { from, to }, deps) } };
      }, READ_DEADLINE_MS),
    );
}

async function recorded(
  req: Request,
  schema: typeof AskAccessList,
  { recordServiceActs }: FactsRoutesDependencies,
) {
  const { entry, ...asked } = wellFormed(schema, req.body);
  await recordServiceActs(peerOf(req), { tenantId: asked.tenantId, entries: [entry] });
  return asked;
}

/** Who asked for, approved and ordered disposals, by their case. */
async function disposalActs(tenantId: string, days: Days, deps: FactsRoutesDependencies) {
  const log = await deps.logOf(tenantId);
  const acts: { caseId: string; operation: string; who: string }[] = [];
  if (log === undefined) return acts;
  for await (const { entry } of deps.entriesBetween(log.logId, { first: 0, ...parsePeriod(days) }))
    if (DISPOSAL_ACTS.has(entry.op) && entry.dec === 'allow')
      acts.push({ caseId: entry.case, operation: entry.op, who: entry.sub });
  return acts;
}
