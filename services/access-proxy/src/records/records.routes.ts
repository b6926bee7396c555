import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Refusal, SUBJECTS, isIndividualRef, isUuid } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import {
  answer,
  callerOf,
  inChunks,
  jsonBody,
  problemOf,
  readLines,
  requireNdjson,
  whileAwaited,
  writeLine,
} from '@mnv/service-kit';
import type { Answer, Caller } from '@mnv/service-kit';
import { inOrder } from '../in-order.ts';
import type { RecordAct } from '../record-act.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { recordWarnings } from './record-warnings.ts';
import { refusalToStore } from './refusal-to-store.ts';
import type { StoredLine, VaultRecords } from './vault-records.ts';

const MAX_LINE_BYTES = 16_384;
const LINES_A_CHUNK = 250;
const CHUNKS_IN_FLIGHT = 2;
const CHUNK_DEADLINE_MS = 10_000;

const FindBody = z.strictObject({
  individualRef: z.string().refine(isIndividualRef),
  subject: z.enum(SUBJECTS).optional(),
});

export type RecordRouteDependencies = { recordAct: RecordAct; vault: VaultRecords };

/** Storing numbers, one or many, and what is known of records without opening them. */
export function recordRoutes(deps: RecordRouteDependencies): Router {
  const router = Router();
  router.post(
    '/v1/tenants/:tenantId/records',
    jsonBody(),
    answer((req, res) => storeOne({ ...contextOf(req, res), req }, deps)),
  );
  router.post('/v1/tenants/:tenantId/records/batch', requireNdjson(), async (req, res) => {
    const context = { ...contextOf(req, res), key: idempotencyKeyOf(req) };
    const chunks = inChunks(readLines(req, { maxLineBytes: MAX_LINE_BYTES }), LINES_A_CHUNK);
    const answers = inOrder(chunks, CHUNKS_IN_FLIGHT, (chunk) =>
      whileAwaited(res, CHUNK_DEADLINE_MS, () => storeChunk({ ...context, chunk }, deps)),
    );
    res.type('application/x-ndjson');
    for await (const lines of answers) await writeLine(res, lines);
    res.end();
  });
  router.post(
    '/v1/tenants/:tenantId/records/find',
    jsonBody(),
    answer((req, res) => findRecords({ ...contextOf(req, res), req }, deps)),
  );
  router.get(
    '/v1/tenants/:tenantId/records/:recordId',
    answer((req, res) => readRecord({ ...contextOf(req, res), req }, deps)),
  );
  return router;
}

type Context = { caller: Caller; tenantId: string };
type Asked = Context & { req: Request };

function contextOf(req: Request, res: Response): Context {
  return { caller: callerOf(res), tenantId: String(req.params['tenantId']) };
}

async function storeOne(
  { caller, tenantId, req }: Asked,
  { recordAct, vault }: RecordRouteDependencies,
): Promise<Answer> {
  const key = idempotencyKeyOf(req);
  const rid = await recordAct(caller, { ...storing(tenantId), count: 1 });
  const lines = [{ key, record: req.body as unknown }];
  const [line] = await vault.store(caller, { tenantId, rid, route: 'records', lines });
  if (!line || 'problem' in line) throw refusalToStore(line);
  await recordWarnings(caller, { tenantId, rid, lines: [line] }, recordAct);
  return { status: 201, body: line };
}

async function findRecords(
  { caller, tenantId, req }: Asked,
  { recordAct, vault }: RecordRouteDependencies,
): Promise<Answer> {
  const parsed = FindBody.safeParse(req.body);
  if (!parsed.success)
    throw new Refusal('invalid-request', 'Send {"individualRef":…} and, if wanted, "subject".');
  const { individualRef, subject } = parsed.data;
  const act = { operation: 'find', scope: 'record:read', tenantId, handling: 'find' } as const;
  const rid = await recordAct(caller, act);
  return { body: await vault.find(caller, { rid, individualRef, ...(subject && { subject }) }) };
}

async function readRecord(
  { caller, tenantId, req }: Asked,
  { recordAct, vault }: RecordRouteDependencies,
): Promise<Answer> {
  const recordId = String(req.params['recordId']);
  if (!isUuid(recordId)) throw new Refusal('record-not-found', 'The tenant has no such record.');
  const act = { operation: 'read', scope: 'record:read', tenantId, recordId } as const;
  const rid = await recordAct(caller, { ...act, handling: 'read' });
  return { body: await vault.read(caller, { rid, recordId }) };
}

function storing(tenantId: string) {
  return { operation: 'store', scope: 'number:write', tenantId, handling: 'store' } as const;
}

type NumberedLine = { line: number; bytes: Buffer };
type ChunkToStore = Context & { key: string; chunk: NumberedLine[] };
type ParsedLine = { line: number; record: unknown } | { line: number; problem: Refusal };

/** One entry for the chunk, then the chunk; a line that cannot be read is refused by itself. */
async function storeChunk(
  { caller, tenantId, key, chunk }: ChunkToStore,
  { recordAct, vault }: RecordRouteDependencies,
): Promise<string> {
  const parsed = chunk.map((one) => parseLine(one));
  const lines = parsed.flatMap((one) =>
    'record' in one ? [{ key: `${key}#${one.line}`, record: one.record }] : [],
  );
  const rid = await recordAct(caller, { ...storing(tenantId), count: lines.length, lane: 'bulk' });
  const stored =
    lines.length === 0
      ? []
      : await vault.store(caller, { tenantId, rid, route: 'records/batch', lines });
  await recordWarnings(caller, { tenantId, rid, lines: stored, lane: 'bulk' }, recordAct);
  const answers = stored[Symbol.iterator]();
  return parsed
    .map((one) =>
      JSON.stringify(
        answerLine(one.line, 'record' in one ? answers.next().value : asLine(one.problem)),
      ),
    )
    .map((text) => `${text}\n`)
    .join('');
}

function parseLine({ line, bytes }: NumberedLine): ParsedLine {
  try {
    return { line, record: parseStrictJson(bytes, { maxBytes: MAX_LINE_BYTES }) };
  } catch (error) {
    if (error instanceof Refusal) return { line, problem: error };
    throw error;
  }
}

function asLine(problem: Refusal): StoredLine {
  return { problem: problem.code, detail: problem.detail };
}

function answerLine(line: number, answer: StoredLine | undefined): object {
  if (answer && 'recordId' in answer) return { line, ...answer };
  return { line, problem: problemOf(refusalToStore(answer)) };
}
