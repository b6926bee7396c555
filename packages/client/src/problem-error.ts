import { isUuid } from '@mnv/core';

const TYPE_PREFIX = 'urn:mynumber-vault:problem:';
const REQUEST_ID_PREFIX = 'urn:uuid:';
const DIGIT_RUN = /[0-9０-９][0-9０-９\s-]{10,}[0-9０-９]/gu;

/** An RFC 9457 problem as the service sent it. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  supersededBy?: string;
};

/**
 * The service refused. `code` is the last part of `urn:mynumber-vault:problem:<code>`, or `unnamed` for a
 * problem without a type of ours. `retryAfter` is in seconds. No member quotes what was sent.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  /** With `record-superseded`: the record that holds the number now. */
  readonly supersededBy: string | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    const code = codeOf(problem);
    const detail = withoutDigitRuns(problem.detail ?? problem.title);
    super(`${code} (${problem.status}): ${detail}`);
    this.code = code;
    this.status = problem.status;
    this.detail = detail;
    this.requestId = requestIdOf(problem);
    this.retryAfter = retryAfter;
    this.supersededBy = problem.supersededBy;
  }
}

/** A problem from an untrusted JSON value, or undefined when it is not one. */
export function problemFrom(value: unknown): Problem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, title, status, supersededBy } = value as Record<string, unknown>;
  if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  return {
    type: typeof type === 'string' ? type : 'about:blank',
    title: typeof title === 'string' ? title : 'Problem',
    status,
    ...textsOf(value),
    ...(typeof supersededBy === 'string' && isUuid(supersededBy) ? { supersededBy } : {}),
  };
}

function textsOf(problem: { detail?: unknown; instance?: unknown }) {
  const { detail, instance } = problem;
  return {
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(typeof instance === 'string' ? { instance } : {}),
  };
}

function codeOf(problem: Problem): string {
  return problem.type.startsWith(TYPE_PREFIX) ? problem.type.slice(TYPE_PREFIX.length) : 'unnamed';
}

function requestIdOf(problem: Problem): string | undefined {
  return problem.instance?.startsWith(REQUEST_ID_PREFIX)
    ? problem.instance.slice(REQUEST_ID_PREFIX.length)
    : undefined;
}

/** The service promises not to quote input. This holds even if it breaks the promise. */
function withoutDigitRuns(text: string): string {
  return text.replace(DIGIT_RUN, '…');
}
