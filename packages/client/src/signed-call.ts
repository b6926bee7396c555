import { randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { signBatchRequest } from '@mnv/protocol';
import type { BatchRequestToSign, ServiceOperation } from '@mnv/protocol';
import { jsonCall } from './json-call.ts';
import type { JsonContext } from './json-call.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';

const DEADLINE_MS = 60_000;
/** Fresh for a minute, and on its way for a while. */
const RESEND_WITHIN_MS = 45_000;

export type SigningContext = JsonContext & {
  /** The private key of the client certificate. */
  signingKey: KeyObject;
  clock: Clock;
};

/** What a person signs for: how many, and the digest of what exactly. */
export type SignedOrder = Pick<BatchRequestToSign, 'caseId' | 'count' | 'batchHash'> & {
  path: string;
  operation: ServiceOperation;
  json?: object;
  /** Whether the same signed request, sent again, is the same act: then it is, while it is fresh. */
  repeats: boolean;
};

/** One act that is signed with the key of the client certificate. */
export function signedCall(context: SigningContext, order: SignedOrder): Promise<unknown> {
  const { path, operation, json, repeats, ...covered } = order;
  const signedAt = context.clock();
  const iat = Math.floor(signedAt / 1000);
  const about = { rid: randomUUID(), iat, tenant: context.tenant, purpose: 'DISPOSAL' };
  const jws = signBatchRequest({ ...about, operation, ...covered }, context.signingKey);
  const mayRepeat = (error: unknown) =>
    repeats && mayRepeatIdempotently(error) && context.clock() - signedAt < RESEND_WITHIN_MS;
  const once = { ...context, retry: { ...context.retry, attempts: 1 } };
  return repeating(context.retry, mayRepeat, () =>
    jsonCall(once, {
      method: 'POST',
      path,
      headers: { 'mynumber-request': jws },
      deadlineMs: DEADLINE_MS,
      ...(json && { json }),
    }),
  );
}
