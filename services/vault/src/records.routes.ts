import { Router } from 'express';
import { z } from 'zod';
import type { Clock, ProblemCode } from '@mnv/core';
import { Refusal, SUBJECTS, isIndividualRef, isTenantId, isUuid, legalDayOf } from '@mnv/core';
import type { RecordMetadata } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from './answer-within.ts';
import { IdempotencyKey } from './idempotency-key.ts';
import type { RequireRight } from './person.ts';
import { PersonEvidence } from './person.ts';
import { parseRecord } from './record-schema.ts';
import type { KeyedDraft, StoreNumbers, StoredLine } from './store-numbers.ts';

const MAX_CHUNK_BYTES = 2 * 1024 * 1024;
const MAX_LINES = 500;

const Uuid = z.string().refine(isUuid);
const Common = { ...PersonEvidence, tenantId: z.string().refine(isTenantId), rid: Uuid };
const StoreBody = z.strictObject({
  ...Common,
  route: z.enum(['records', 'records/batch']),
  lines: z
    .array(z.strictObject({ key: IdempotencyKey, record: z.unknown() }))
    .min(1)
    .max(MAX_LINES)
    .refine((lines) => new Set(lines.map((line) => line.key)).size === lines.length),
});
const FindBody = z.strictObject({
  ...Common,
  individualRef: z.string().refine(isIndividualRef),
  subject: z.enum(SUBJECTS).optional(),
});
const ReadBody = z.strictObject({ ...Common, recordId: Uuid });

export type RecordDependencies = {
  requireRight: RequireRight;
  clock: Clock;
  storeNumbers: StoreNumbers;
  findByIndividualRef(
    tenantId: string,
    wanted: { individualRef: string; subject: string | undefined },
  ): Promise<RecordMetadata[]>;
  findMetadata(
    tenantId: string,
    recordId: string,
  ): Promise<(RecordMetadata & { disposed: boolean }) | undefined>;
};

type Line = StoredLine | { problem: ProblemCode; detail: string };

/** Storing numbers, and what is known of records without opening them. For the access proxy only. */
export function recordRoutes(deps: RecordDependencies): Router {
  const router = Router();
  router.post(
    '/internal/records',
    jsonBody({ maxBytes: MAX_CHUNK_BYTES, maxDepth: 6 }),
    async (req, res) => {
      const body = wellFormed(StoreBody, req.body);
      const storing = storeSoundLines(body, deps);
      res.json({ lines: await answerWithin(deadlineOf(body.lines.length), storing) });
    },
  );
  router.post('/internal/records/find', jsonBody(), async (req, res) => {
    const { tenantId, individualRef, subject, ...evidence } = wellFormed(FindBody, req.body);
    await deps.requireRight(evidence, { scope: 'record:read', tenantId });
    const finding = deps.findByIndividualRef(tenantId, { individualRef, subject });
    const found = await answerWithin(deadlineOf(1), finding);
    res.json({
      records: found.filter((one) => !one.superseded),
      superseded: found.filter((one) => one.superseded),
    });
  });
  router.post('/internal/records/read', jsonBody(), async (req, res) => {
    const { tenantId, recordId, ...evidence } = wellFormed(ReadBody, req.body);
    await deps.requireRight(evidence, { scope: 'record:read', tenantId });
    const found = await answerWithin(deadlineOf(1), deps.findMetadata(tenantId, recordId));
    if (!found) throw new Refusal('record-not-found', 'The tenant has no such record.');
    const { disposed, ...metadata } = found;
    if (disposed)
      throw new Refusal('already-disposed', 'The number of this record was disposed of.');
    res.json(metadata);
  });
  return router;
}

/** Each line by itself: a line that is not a record is answered as such, and the others are stored. */
async function storeSoundLines(
  { lines, tenantId, rid, route, ...evidence }: z.infer<typeof StoreBody>,
  deps: RecordDependencies,
): Promise<Line[]> {
  const token = await deps.requireRight(evidence, { scope: 'number:write', tenantId });
  const today = legalDayOf(deps.clock());
  const parsed = lines.map(({ key, record }) => ({ key, draft: draftOrProblem(record, today) }));
  const sound = parsed.flatMap(({ key, draft }): KeyedDraft[] =>
    'problem' in draft ? [] : [{ key, draft }],
  );
  const { clientId, subject: storedBy } = token;
  const request = { tenantId, clientId, storedBy, rid, route, lines: sound };
  const stored =
    sound.length === 0 ? new Map<string, StoredLine>() : await deps.storeNumbers(request);
  return parsed.map(({ key, draft }) => ('problem' in draft ? draft : answerOf(stored, key)));
}

function answerOf(stored: Map<string, StoredLine>, key: string): StoredLine {
  const answer = stored.get(key);
  if (!answer) throw new Error('a line was not answered');
  return answer;
}

function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}

function draftOrProblem(record: unknown, today: string) {
  try {
    return parseRecord(record, today);
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.code, detail: error.detail };
    throw error;
  }
}
