import { linesOf, parseAnswer } from './read-answer.ts';
import type { WireAnswer } from './connection.ts';
import type { DiscloseContext } from './disclose.ts';
import { signAsk } from './disclose.ts';
import { batchDisclosureFrom, receiptFrom, requireNotRefused } from './disclosure-answer.ts';
import type { BatchDisclosure, DisclosurePurpose, RequestReceipt } from './disclosure.ts';
import type { Problem } from './problem-error.ts';
import { mayAskAgain, repeating } from './retry.ts';
import { runBatch } from './run-batch.ts';
import { TransportError } from './transport-error.ts';

export type DiscloseAllOptions = DisclosurePurpose & {
  /** Receives the evidence of each request, before its numbers are yielded; it is awaited. */
  onReceipt?: (receipt: RequestReceipt) => void | Promise<void>;
  /** At most 500. */
  chunkSize?: number;
  inFlight?: number;
};

const MAX_CHUNK = 500;
const CHUNK_DEADLINE_MS = 20_000;
const OUTCOME_UNKNOWN: Problem = {
  type: 'urn:mynumber-vault:problem:outcome-unknown',
  title: 'The answer was lost; the number may have been released',
  status: 0,
};

type Answered = { results: BatchDisclosure[]; receipt: RequestReceipt | undefined };

/**
 * Asks for many numbers and yields one result per record, in order, in constant memory. Each chunk is one
 * signed request with a token of its own time: when the person's session ends, the batch stops at a chunk
 * border. A record whose answer was lost is yielded with the problem `outcome-unknown` (status 0): asking
 * again is possible and leaves a second entry, so it is the caller's decision. When the connection breaks
 * between the numbers of a request and its receipt, they are yielded and `onReceipt` is not called for it.
 * @throws BatchStoppedError with the position to resume at; ReceiptError is its cause when evidence fails
 */
export function discloseAll(
  context: DiscloseContext,
  recordIds: AsyncIterable<string> | Iterable<string>,
  options: DiscloseAllOptions,
): AsyncGenerator<BatchDisclosure> {
  return runBatch({
    items: recordIds,
    chunkSize: Math.min(options.chunkSize ?? MAX_CHUNK, MAX_CHUNK),
    inFlight: options.inFlight ?? 3,
    work: async ({ items }) => {
      const { results, receipt } = await repeating(context.retry, mayAskAgain, () =>
        discloseChunk(context, items, options),
      );
      if (receipt) await options.onReceipt?.(receipt);
      return results;
    },
  });
}

async function discloseChunk(
  context: DiscloseContext,
  recordIds: readonly string[],
  purpose: DisclosurePurpose,
): Promise<Answered> {
  let requestId = '';
  try {
    const answer = await context.call(context.tenant, () => {
      const signed = signAsk(context, { ...purpose, recordIds });
      requestId = signed.requestId;
      return {
        method: 'POST',
        path: `/v1/tenants/${context.tenant}/disclosures/batch`,
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${JSON.stringify({ request: signed.jws, recordIds })}\n`,
        deadlineMs: CHUNK_DEADLINE_MS,
      };
    });
    return await readChunk(context, answer, { requestId, recordIds, purpose });
  } catch (error) {
    if (!isLost(error)) throw error;
    return { results: recordIds.map(unknownOutcome), receipt: undefined };
  }
}

/** Numbers that arrived before the connection broke are kept; the others are unknown. */
async function readChunk(
  context: DiscloseContext,
  answer: WireAnswer,
  asked: { requestId: string; recordIds: readonly string[]; purpose: DisclosurePurpose },
): Promise<Answered> {
  const { requestId, recordIds } = asked;
  const results: BatchDisclosure[] = [];
  let receipt: RequestReceipt | undefined;
  try {
    for await (const line of linesOf(answer.body)) {
      const value = parseAnswer(line);
      requireNotRefused(value);
      const recordId = recordIds[results.length];
      if (recordId !== undefined) results.push(batchDisclosureFrom(value, recordId));
      else receipt = closingReceipt(value, { requestId, recordIds });
    }
  } catch (error) {
    if (!isLost(error)) throw error;
  }
  if (receipt) context.checkReceipt({ ...receipt, tenant: context.tenant, purpose: asked.purpose });
  return { results: [...results, ...recordIds.slice(results.length).map(unknownOutcome)], receipt };
}

/** The last line, `{rid, receipt}`; without a receipt when the request was refused as a whole. */
function closingReceipt(
  value: unknown,
  asked: { requestId: string; recordIds: readonly string[] },
): RequestReceipt | undefined {
  const closing = value as { rid?: unknown; receipt?: unknown } | null;
  if (closing?.rid !== asked.requestId) throw new TransportError('answer-invalid', 'OTHER_REQUEST');
  return closing.receipt ? { ...asked, receipt: receiptFrom(closing.receipt) } : undefined;
}

function unknownOutcome(recordId: string): BatchDisclosure {
  return { recordId, problem: OUTCOME_UNKNOWN };
}

function isLost(error: unknown): boolean {
  return error instanceof TransportError && error.code === 'outcome-unknown';
}
