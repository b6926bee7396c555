import { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '@mnv/core';
import { Refusal, isTenantId, isUuid, legalDayOf } from '@mnv/core';
import { atMost, jsonBody } from '@mnv/service-kit';
import { CHUNK_DEADLINE_MS, answerWithin, deadlineOf } from '../answer-within.ts';
import { IdempotencyKey } from '../idempotency-key.ts';
import type { RequireRight } from '../person.ts';
import { PersonEvidence } from '../person.ts';
import type { AddDocument } from './add-document.ts';
import { documentPeriod } from './document-metadata.ts';
import { MAX_BODY_BYTES, parseDocument } from './new-document.ts';
import type { StoredDocuments } from './stored-documents.ts';

/** Each is in memory several times over. */
const AT_ONCE = 4;
const PAGE = 500;

const Uuid = z.string().refine(isUuid);
const Common = { ...PersonEvidence, tenantId: z.string().refine(isTenantId), rid: Uuid };
const AddBody = z.strictObject({
  ...Common,
  recordId: Uuid,
  key: IdempotencyKey,
  document: z.unknown(),
});
const ListBody = z.strictObject({ ...Common, recordId: Uuid });
const PurgedBody = z.strictObject({ ...Common, after: Uuid.optional() });
const PeriodBody = z.strictObject({ ...Common, keepDays: z.int().optional() });

export type DocumentRouteDependencies = {
  stored: StoredDocuments;
  requireRight: RequireRight;
  addDocument: AddDocument;
  clock: Clock;
};

/** Copies of identity documents, but for their contents. For the access proxy only. */
export function identityDocumentRoutes(deps: DocumentRouteDependencies): Router {
  const { stored, requireRight, addDocument, clock } = deps;
  const today = () => legalDayOf(clock());
  const soon = <T>(work: Promise<T>) => answerWithin(deadlineOf(1), work);
  const base = '/internal/identity-documents';
  const router = Router();
  router.post(
    `${base}/add`,
    atMost(AT_ONCE),
    jsonBody({ maxBytes: MAX_BODY_BYTES + 32_768 }),
    async (req, res) => {
      const { document: body, ...asked } = wellFormed(AddBody, req.body);
      const { tenantId, recordId, rid, key, ...evidence } = asked;
      const token = await requireRight(evidence, { scope: 'number:write', tenantId });
      const document = parseDocument(body, today());
      const { clientId, subject: storedBy } = token;
      const who = { tenantId, clientId, storedBy };
      const adding = addDocument({ ...who, rid, key, recordId, today: today(), document });
      res.status(201).json(await answerWithin(CHUNK_DEADLINE_MS, adding));
    },
  );
  router.post(`${base}/list`, jsonBody(), async (req, res) => {
    const { tenantId, recordId, ...evidence } = wellFormed(ListBody, req.body);
    await requireRight(evidence, { scope: 'record:read', tenantId });
    const documents = await soon(stored.list({ tenantId, recordId, today: today() }));
    res.json({ documents });
  });
  router.post(`${base}/purged`, jsonBody(), async (req, res) => {
    const { tenantId, after, ...evidence } = wellFormed(PurgedBody, req.body);
    await requireRight(evidence, { scope: 'report:read', tenantId });
    const page = { tenantId, after, limit: PAGE, today: today() };
    const documents = await soon(stored.purged(page));
    res.json({
      documents,
      ...(documents.length === PAGE && { next: documents.at(-1)?.documentId }),
    });
  });
  router.post(`${base}/period`, jsonBody(), async (req, res) => {
    const { tenantId, keepDays, ...evidence } = wellFormed(PeriodBody, req.body);
    const scope = keepDays === undefined ? 'record:read' : 'disposal:request';
    const { subject: setBy } = await requireRight(evidence, { scope, tenantId });
    const of = { tenantId, today: today() };
    if (keepDays !== undefined)
      requireBounds(keepDays, documentPeriod(undefined, of.today).maximumDays);
    const asked =
      keepDays === undefined ? stored.period(of) : stored.setPeriod({ ...of, keepDays, setBy });
    res.json(await soon(asked));
  });
  return router;
}

function requireBounds(keepDays: number, maximum: number): void {
  if (keepDays < 1 || keepDays > maximum)
    throw new Refusal('invalid-request', `Mend: keepDays; 1 to ${maximum}.`);
}

function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}
