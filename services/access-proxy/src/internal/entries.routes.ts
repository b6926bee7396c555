import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { Refusal, isCaseId, isProblemCode, isTenantId, isUuid } from '@mnv/core';
import { isServiceOperation } from '@mnv/protocol';
import type { ServiceOperation } from '@mnv/protocol';
import type { Peer } from '@mnv/service-kit';
import { answer, jsonBody, peerOf } from '@mnv/service-kit';
import type { FailedAttempt } from '../note-failed-attempt.ts';
import type { Spend } from './bounded-rate.ts';
import type { RecordServiceActs } from './record-service-acts.ts';

/** The services through which people act. The vault is none: nobody speaks to it. */
const RECORDING_SERVICES = ['disposal', 'console'];
const MAX_ENTRIES = 16;
export const MAX_BODY_BYTES = 262_144;
const MAX_COUNT = 1_000_000;

const DENIED = 'deny:';
const Code = z.string().refine(isProblemCode);
export const ServiceActBody = z.strictObject({
  token: z.string().max(8192),
  certificate: z.base64().max(8192),
  request: z.string().max(2048).optional(),
  rid: z.string().refine(isUuid),
  op: z.custom<ServiceOperation>((value) => typeof value === 'string' && isServiceOperation(value)),
  dec: z.string().refine(isDecision),
  rec: z.string().refine(isUuid).optional(),
  pur: z.literal('DISPOSAL').optional(),
  case: z.string().refine(isCaseId).optional(),
  cnt: z.int().min(0).max(MAX_COUNT),
});
const Body = z.strictObject({
  tenantId: z.string().refine(isTenantId),
  entries: z.array(ServiceActBody).min(1).max(MAX_ENTRIES),
});
const Attempt = z.strictObject({
  x5t: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code: Code,
});

export type EntriesRoutesDependencies = {
  deployment: string;
  recordServiceActs: RecordServiceActs;
  noteFailedAttempt(attempt: FailedAttempt): Promise<void>;
  /** Per service. */
  spendAttempt: Spend;
};

/** What services of ours have written down before they carry it out. Closed to clients. */
export function entriesRoutes(deps: EntriesRoutesDependencies): Router {
  const peers = new Set(
    RECORDING_SERVICES.map((name) => `spiffe://${deps.deployment}/service/${name}`),
  );
  return Router()
    .use('/internal', onlyFor(peers))
    .post(
      '/internal/entries',
      jsonBody({ maxBytes: MAX_BODY_BYTES }),
      answer(async (req) => ({ status: 201, body: await record(peerOf(req), req, deps) })),
    )
    .post(
      '/internal/failed-attempts',
      jsonBody(),
      answer(async (req) => {
        const attempt = wellFormed(Attempt, req.body);
        deps.spendAttempt(peerOf(req).uri, 1);
        await deps.noteFailedAttempt(attempt);
        return { status: 201, body: {} };
      }),
    );
}

async function record(peer: Peer, req: Request, deps: EntriesRoutesDependencies) {
  const { first, n } = await deps.recordServiceActs(peer, wellFormed(Body, req.body));
  return { first, n };
}

function onlyFor(peers: ReadonlySet<string>): RequestHandler {
  return (req, _res, next) => {
    if (!peers.has(peerOf(req).uri))
      throw new Refusal('not-permitted', 'This is for services that record what people do.');
    next();
  };
}

function isDecision(text: string): boolean {
  if (text === 'allow') return true;
  return text.startsWith(DENIED) && isProblemCode(text.slice(DENIED.length));
}

/** Throws Refusal `invalid-request`. */
export function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new Refusal('invalid-request', 'A member is missing or not known.');
  return result.data;
}
