import type { Call, CallRequest } from './authorised-call.ts';
import { bytesOf, parseAnswer } from './read-answer.ts';
import type { RetryPolicy } from './retry.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export type JsonContext = { call: Call; tenant: string; retry: RetryPolicy };

/** One JSON answer to a request that changes nothing, or that may be sent twice without harm. */
export async function jsonCall(
  context: JsonContext,
  request: Omit<CallRequest, 'body' | 'headers'> & {
    json?: object;
    headers?: Record<string, string>;
  },
): Promise<unknown> {
  const { json, headers, ...rest } = request;
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const contentType = json === undefined ? {} : { 'content-type': 'application/json' };
  return repeating(context.retry, mayRepeatIdempotently, async () => {
    const answer = await context.call(context.tenant, () => ({
      ...rest,
      ...body,
      headers: { ...headers, ...contentType },
    }));
    return parseAnswer((await bytesOf(answer.body, MAX_ANSWER_BYTES)).toString('utf8'));
  });
}
