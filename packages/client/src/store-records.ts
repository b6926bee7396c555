import { STORE_WARNINGS } from '@mnv/core';
import type { StoreWarning } from '@mnv/core';
import type { Call } from './authorised-call.ts';
import { chunkKey, newIdempotencyKey } from './idempotency-key.ts';
import type { NewRecord } from './number-record.ts';
import { recordBody } from './number-record.ts';
import type { Problem } from './problem-error.ts';
import { problemFrom } from './problem-error.ts';
import { bytesOf, linesOf, parseAnswer } from './read-answer.ts';
import type { RetryPolicy } from './retry.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';
import { runBatch } from './run-batch.ts';
import { TransportError } from './transport-error.ts';

/**
 * What was stored. `held-for-another-person`: the tenant holds this number for another `individualRef` too;
 * `duplicates-not-checked`: it was not compared, and the nightly sweep will tell.
 */
export type Stored = { recordId: string; warning?: StoreWarning };

/** What became of one record: its id, or why it was refused. `line` counts from 1 over the whole batch. */
export type StoredRecord = ({ line: number } & Stored) | { line: number; problem: Problem };

export type StoreOptions = {
  /** Names this batch; using it again for the same records stores nothing twice (kept for seven days). */
  idempotencyKey?: string;
  /** Records in one request; a batch that is resumed must keep it. */
  chunkSize?: number;
  inFlight?: number;
};

type StoreContext = { call: Call; tenant: string; retry: RetryPolicy };

const MAX_ANSWER_BYTES = 64 * 1024;
const BATCH_DEADLINE_MS = 60_000;
const TRANSIENT = new Set([429, 503]);

/** Stores one record. Repeats itself under one idempotency key: it cannot be stored twice. */
export async function storeRecord(
  context: StoreContext,
  record: NewRecord,
  options: Pick<StoreOptions, 'idempotencyKey'> = {},
): Promise<Stored> {
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': options.idempotencyKey ?? newIdempotencyKey(),
  };
  const body = recordBody(record);
  const path = `/v1/tenants/${context.tenant}/records`;
  return repeating(context.retry, mayRepeatIdempotently, async () => {
    const answer = await context.call(context.tenant, () => ({
      method: 'POST',
      path,
      headers,
      body,
    }));
    return storedOf(parseAnswer((await bytesOf(answer.body, MAX_ANSWER_BYTES)).toString()));
  });
}

/**
 * Stores a stream of records of any length in constant memory: chunks are sent under
 * `<idempotencyKey>-<first line>`, a few in flight, and every record is answered in order. A lost answer is
 * asked for again under the same key.
 * @throws BatchStoppedError when a chunk cannot be completed; store the rest with the same key and chunk size
 */
export function storeRecords(
  context: StoreContext,
  records: AsyncIterable<NewRecord> | Iterable<NewRecord>,
  options: StoreOptions = {},
): AsyncGenerator<StoredRecord> {
  const batchKey = options.idempotencyKey ?? newIdempotencyKey();
  return runBatch({
    items: records,
    chunkSize: options.chunkSize ?? 500,
    inFlight: options.inFlight ?? 2,
    work: async ({ start, items }) => {
      const results = await storeChunk(context, items, chunkKey(batchKey, start + 1));
      return results.map((result) => ({ ...result, line: start + result.line }));
    },
  });
}

/**
 * Stores one chunk (at most some thousand records) under exactly this idempotency key and answers line by
 * line. While single lines fail for a passing reason the chunk is repeated: lines that are done answer alike.
 */
export async function storeChunk(
  context: StoreContext,
  records: readonly NewRecord[],
  idempotencyKey: string,
): Promise<StoredRecord[]> {
  const body = records.map((record) => `${recordBody(record)}\n`).join('');
  let latest: StoredRecord[] = [];
  const attempt = async () => {
    latest = await sendChunk(context, { body, count: records.length, idempotencyKey });
    if (latest.some(isTransient)) throw new PassingFailure();
    return latest;
  };
  try {
    return await repeating(context.retry, mayRepeatChunk, attempt);
  } catch (error) {
    if (error instanceof PassingFailure) return latest;
    throw error;
  }
}

/** Some lines of a chunk failed for a reason that may pass. Never leaves this file. */
class PassingFailure extends Error {}

function mayRepeatChunk(error: unknown): boolean {
  return error instanceof PassingFailure || mayRepeatIdempotently(error);
}

async function sendChunk(
  context: StoreContext,
  chunk: { body: string; count: number; idempotencyKey: string },
): Promise<StoredRecord[]> {
  const answer = await context.call(context.tenant, () => ({
    method: 'POST',
    path: `/v1/tenants/${context.tenant}/records/batch`,
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': chunk.idempotencyKey },
    body: chunk.body,
    deadlineMs: BATCH_DEADLINE_MS,
  }));
  const results: StoredRecord[] = [];
  for await (const line of linesOf(answer.body)) {
    results.push(storedFrom(parseAnswer(line), results.length + 1));
  }
  // A stream that ends early has not said what became of the rest: the same as no answer.
  if (results.length < chunk.count) throw new TransportError('outcome-unknown', 'ANSWER_CUT_SHORT');
  if (results.length > chunk.count) throw new TransportError('answer-invalid', 'TOO_MANY_LINES');
  return results;
}

function storedFrom(value: unknown, line: number): StoredRecord {
  const answer = value as { line?: unknown; problem?: unknown } | null;
  if (answer?.line !== line) throw new TransportError('answer-invalid', 'LINES_OUT_OF_ORDER');
  const problem = problemFrom(answer.problem);
  return problem ? { line, problem } : { line, ...storedOf(answer) };
}

/** A warning that is not known yet is left out: it is no reason to lose a record's id. */
export function storedOf(value: unknown): Stored {
  const { recordId, warning } = (value ?? {}) as { recordId?: unknown; warning?: unknown };
  if (typeof recordId !== 'string') throw new TransportError('answer-invalid', 'NO_RECORD_ID');
  const known = STORE_WARNINGS.find((one) => one === warning);
  return known ? { recordId, warning: known } : { recordId };
}

function isTransient(result: StoredRecord): boolean {
  return (
    'problem' in result && (TRANSIENT.has(result.problem.status) || isInFlight(result.problem))
  );
}

function isInFlight(problem: Problem): boolean {
  return problem.type.endsWith(':idempotency-in-flight');
}
