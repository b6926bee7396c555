import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { MAX_DOCUMENT_BYTES, Refusal, isUuid } from '@mnv/core';
import { DOCUMENT_DISCLOSURES } from '@mnv/protocol';
import { answer, atMost, callerOf, jsonBody, peerOf } from '@mnv/service-kit';
import type { Answer } from '@mnv/service-kit';
import type { RecordAct } from '../record-act.ts';
import { idempotencyKeyOf } from '../records/idempotency-key.ts';
import type { DiscloseDocument } from './disclose-document.ts';
import type { VaultDocuments } from './vault-documents.ts';

/** Each is in memory several times over. */
const AT_ONCE = 4;
const MAX_BODY_BYTES = Math.ceil(MAX_DOCUMENT_BYTES / 3) * 4 + 16_384;
/** A page photographed by a telephone, over a slow line. */
const BODY_DEADLINE_MS = 20_000;
/** Shorter than the vault drains before it calls anything erased. */
const COPY_DEADLINE_MS = 10_000;

const Asked = z.strictObject({
  recordId: z.string().refine(isUuid),
  documentId: z.string().refine(isUuid),
});
const Period = z.strictObject({ keepDays: z.int().min(1).max(366) });
const Page = z.strictObject({ cursor: z.string().refine(isUuid).optional() });

export type IdentityDocumentDependencies = {
  recordAct: RecordAct;
  vault: VaultDocuments;
  discloseDocument: DiscloseDocument;
};

/** Copies of identity documents (本人確認書類の写し): kept with a record, shown under an entry, purged in time. */
export function identityDocumentRoutes(deps: IdentityDocumentDependencies): Router {
  const fewAtOnce = atMost(AT_ONCE);
  const ofTenant = '/v1/tenants/:tenantId';
  const ofRecord = `${ofTenant}/records/:recordId/identity-documents`;
  return Router()
    .post(
      ofRecord,
      fewAtOnce,
      jsonBody({ maxBytes: MAX_BODY_BYTES, deadlineMs: BODY_DEADLINE_MS }),
      answer((req, res) => add(req, res, deps), COPY_DEADLINE_MS),
    )
    .get(
      ofRecord,
      answer((req, res) => list(req, res, deps)),
    )
    .post(
      `${ofTenant}/identity-document-disclosures`,
      fewAtOnce,
      jsonBody(),
      answer((req, res, waiting) => disclose({ req, res, waiting }, deps), COPY_DEADLINE_MS),
    )
    .get(
      `${ofTenant}/identity-document-purges`,
      answer((req, res) => purges(req, res, deps)),
    )
    .get(
      `${ofTenant}/identity-document-period`,
      answer((req, res) => readPeriod(req, res, deps)),
    )
    .post(
      `${ofTenant}/identity-document-period`,
      jsonBody(),
      answer((req, res) => setPeriod(req, res, deps)),
    );
}

async function add(
  req: Request,
  res: Response,
  { recordAct, vault }: IdentityDocumentDependencies,
): Promise<Answer> {
  const caller = callerOf(res);
  const [tenantId, recordId] = [String(req.params['tenantId']), recordIdOf(req)];
  const key = idempotencyKeyOf(req);
  const act = { operation: 'store-identity-document', scope: 'number:write' } as const;
  const rid = await recordAct(caller, { ...act, tenantId, recordId, handling: 'store' });
  return { status: 201, body: await vault.add(caller, { rid, recordId, key, document: req.body }) };
}

async function list(
  req: Request,
  res: Response,
  { recordAct, vault }: IdentityDocumentDependencies,
): Promise<Answer> {
  const caller = callerOf(res);
  const [tenantId, recordId] = [String(req.params['tenantId']), recordIdOf(req)];
  const act = { operation: 'list-identity-documents', scope: 'record:read' } as const;
  const rid = await recordAct(caller, { ...act, tenantId, recordId, handling: 'read' });
  return { body: await vault.list(caller, { rid, recordId }) };
}

async function disclose(
  { req, res, waiting }: { req: Request; res: Response; waiting: AbortSignal },
  { discloseDocument }: IdentityDocumentDependencies,
): Promise<Answer> {
  const parsed = Asked.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal(
      'invalid-request',
      'Send {"recordId":"<uuid>","documentId":"<uuid>"}, and no more.',
    );
  const { recordId, documentId } = parsed.data;
  const body = await discloseDocument({
    caller: callerOf(res),
    publicKey: peerOf(req).publicKey,
    tenantId: String(req.params['tenantId']),
    jws: req.get('mynumber-request') ?? '',
    operations: DOCUMENT_DISCLOSURES,
    recordIds: [recordId, documentId],
    lane: 'interactive',
    waiting,
  });
  return { body };
}

async function purges(
  req: Request,
  res: Response,
  { recordAct, vault }: IdentityDocumentDependencies,
): Promise<Answer> {
  const query = Page.safeParse(req.query);
  if (!query.success) throw new Refusal('invalid-request', 'Send "cursor" as given, and no more.');
  const caller = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  const act = { operation: 'view-identity-document-purges', scope: 'report:read' } as const;
  const rid = await recordAct(caller, { ...act, tenantId, count: 0 });
  const { cursor: after } = query.data;
  return { body: await vault.purged(caller, { rid, ...(after !== undefined && { after }) }) };
}

async function readPeriod(
  req: Request,
  res: Response,
  { recordAct, vault }: IdentityDocumentDependencies,
): Promise<Answer> {
  const caller = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  const act = { operation: 'view-identity-document-period', scope: 'record:read' } as const;
  const rid = await recordAct(caller, { ...act, tenantId, count: 0 });
  return { body: await vault.period(caller, { rid }) };
}

async function setPeriod(
  req: Request,
  res: Response,
  { recordAct, vault }: IdentityDocumentDependencies,
): Promise<Answer> {
  const parsed = Period.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"keepDays":<days>}, a whole number from 1.');
  const caller = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  const act = { operation: 'set-identity-document-period', scope: 'disposal:request' } as const;
  const rid = await recordAct(caller, { ...act, tenantId, count: 0 });
  return { body: await vault.period(caller, { rid, ...parsed.data }) };
}

function recordIdOf(req: Request): string {
  const recordId = String(req.params['recordId']);
  if (!isUuid(recordId)) throw new Refusal('record-not-found', 'The tenant has no such record.');
  return recordId;
}
