import type { WireAnswer } from './connection.ts';
import { ProblemError, problemFrom } from './problem-error.ts';
import { TransportError, transportErrorFrom } from './transport-error.ts';

const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_PROBLEM_BYTES = 64 * 1024;

/**
 * One JSON value. A parser's message quotes the text it failed on, which may hold a number: it is dropped.
 * @throws TransportError `answer-invalid`
 */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TransportError('answer-invalid');
  }
}

/** The lines of a stream, without their line feed; empty lines are skipped. Bounded by one line's length. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const bytes of bytesIn(body)) {
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      const line = Buffer.concat([...parts, bytes.subarray(from, end)]).toString('utf8');
      [parts, held, from] = [[], 0, end + 1];
      if (line !== '') yield line;
    }
    parts.push(bytes.subarray(from));
    held += bytes.length - from;
    if (held > MAX_LINE_BYTES) throw new TransportError('answer-invalid', 'LINE_TOO_LONG');
  }
  if (held > 0) yield Buffer.concat(parts).toString('utf8');
}

/** The whole body, up to a limit. */
export async function bytesOf(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let held = 0;
  for await (const bytes of bytesIn(body)) {
    held += bytes.length;
    if (held > maxBytes) throw new TransportError('answer-invalid', 'BODY_TOO_LONG');
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** The answer if it is a success; otherwise the problem it carries, as an error. */
export async function requireSuccess(answer: WireAnswer, now: number): Promise<WireAnswer> {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const text = (await bytesOf(answer.body, MAX_PROBLEM_BYTES)).toString('utf8');
  const problem = problemFrom(parsedOrUndefined(text));
  if (problem === undefined) throw new TransportError('answer-invalid', `HTTP_${answer.status}`);
  throw new ProblemError(
    { ...problem, status: answer.status },
    retryAfterOf(answer.header('retry-after'), now),
  );
}

/** RFC 9110 §10.2.3: seconds, or a date. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]{1,6}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** The body as it comes. Throws TransportError where it breaks off. */
export async function* bytesIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of body) {
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
  } catch (error) {
    throw transportErrorFrom(error);
  }
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
