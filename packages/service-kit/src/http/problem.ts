import type { ErrorRequestHandler, Response } from 'express';
import { PROBLEMS, Refusal, isProblemCode, isUuid } from '@mnv/core';
import type { ProblemCode, ProblemFacts } from '@mnv/core';
import { databaseRefusal } from '../database-errors.ts';
import type { Logger } from '../logger.ts';
import { safeFacts } from '../logger.ts';
import { requestIdOf } from './request-id.ts';

const PREFIX = 'urn:mynumber-vault:problem:';
const INTERNAL = { type: 'about:blank', title: 'Internal error', status: 500 };
const RETRY_AFTER_S = 1;
/** RFC 6750 §3, and RFC 9470 §3 for a sign-in too old: the class of the error and nothing of the token. */
const CHALLENGES: Partial<Record<ProblemCode, string>> = {
  'token-required': 'Bearer',
  'token-invalid': 'Bearer error="invalid_token"',
  'request-signature-invalid': 'Bearer error="invalid_request"',
  'scope-missing': 'Bearer error="insufficient_scope"',
  'sign-in-stale': 'Bearer error="insufficient_user_authentication", max_age="900"',
};

/** A problem document (RFC 9457). `instance` is the id of the request, or absent in a line of a stream. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
} & ProblemFacts;

/** What a refusal looks like to a caller. */
export function problemOf({
  code,
  detail,
  facts,
}: Pick<Refusal, 'code' | 'detail'> & { facts?: ProblemFacts }): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: `${PREFIX}${code}`, title, status, detail, ...facts };
}

/** The problem code another service of ours answered with, if it is one. */
export function problemCodeOf(body: unknown): ProblemCode | undefined {
  const type = (body as { type?: unknown } | null | undefined)?.type;
  const code = typeof type === 'string' && type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '';
  return isProblemCode(code) ? code : undefined;
}

/** What another service of ours named beside the code; what is no id is left out. */
export function problemFactsOf(body: unknown): ProblemFacts {
  const { supersededBy } = (body ?? {}) as { supersededBy?: unknown };
  return typeof supersededBy === 'string' && isUuid(supersededBy) ? { supersededBy } : {};
}

/** The one place where an error becomes a response. What nobody named is a bare 500. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const refusal = asRefusal(error);
    if (refusal === undefined)
      log.error('request failed', { requestId: requestIdOf(res), ...safeFacts(error) });
    // An answer that has begun cannot become another one: it ends without its end.
    if (res.headersSent) res.destroy();
    else sendProblem(res, refusal);
  };
}

function sendProblem(res: Response, refusal: Refusal | undefined): void {
  const problem = refusal === undefined ? INTERNAL : problemOf(refusal);
  if (refusal !== undefined) setHeaders(res, refusal.code);
  // An unread body would keep the connection in a state nobody can use.
  if (!res.req.complete) res.setHeader('Connection', 'close');
  res.status(problem.status).type('application/problem+json');
  res.send(JSON.stringify({ ...problem, instance: `urn:uuid:${requestIdOf(res)}` }));
}

function setHeaders(res: Response, code: ProblemCode): void {
  const challenge = CHALLENGES[code];
  const { status } = PROBLEMS[code];
  if (challenge !== undefined) res.setHeader('WWW-Authenticate', challenge);
  if (status === 503 || status === 429 || code === 'idempotency-in-flight') {
    res.setHeader('Retry-After', RETRY_AFTER_S);
  }
}

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  // A path express could not decode.
  if (error instanceof URIError) return new Refusal('invalid-request', 'The path is not valid.');
  return databaseRefusal(error);
}
