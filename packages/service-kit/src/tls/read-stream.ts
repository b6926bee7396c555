import type { ProblemCode } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import { readLines } from '../http/ndjson.ts';
import { problemCodeOf } from '../http/problem.ts';
import { connectService } from './connect-service.ts';
import type { ServiceClientOptions } from './connect-service.ts';
import { ServiceCallError, wasSent } from './service-call-error.ts';

const MAX_LINE_BYTES = 4 * 1024 * 1024;
const MAX_PROBLEM_BYTES = 65_536;
const UNBOUNDED = -1;

type Reading = { path: string; deadlineMs: number; unavailable: ProblemCode };

/** The lines of an answer of any length, over a connection of its own. */
export async function* readStream(
  options: ServiceClientOptions,
  { path, deadlineMs, unavailable }: Reading,
): AsyncGenerator<Buffer, void, void> {
  const pool = connectService({ ...options, connections: 1 }, UNBOUNDED);
  try {
    const answer = await pool.request({
      path,
      method: 'GET',
      headersTimeout: deadlineMs,
      bodyTimeout: deadlineMs,
    });
    const bounds = { maxLineBytes: MAX_LINE_BYTES, idleMs: deadlineMs };
    if (answer.statusCode !== 200) throw await refusalIn(answer.body, unavailable);
    yield* readLines(answer.body, bounds);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new ServiceCallError(unavailable, wasSent(error) ? 'perhaps' : 'never');
  } finally {
    await pool.destroy();
  }
}

async function refusalIn(
  body: { arrayBuffer(): Promise<ArrayBuffer> },
  unavailable: ProblemCode,
): Promise<Refusal> {
  const bytes = new Uint8Array(await body.arrayBuffer());
  const problem = parseStrictJson(bytes, { maxBytes: MAX_PROBLEM_BYTES });
  return new Refusal(problemCodeOf(problem) ?? unavailable, 'The service behind refused.');
}
