import type { Request } from 'express';
import { Refusal, isUuid } from '@mnv/core';

const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{8,64}$/;

/** The key under which a request that creates may be sent again. Throws Refusal `invalid-request`. */
export function idempotencyKeyOf(req: Request): string {
  const key = req.get('idempotency-key') ?? '';
  // The last group of a random UUID is twelve digits once in 280; it is no number for that.
  if (isUuid(key)) return key;
  if (!IDEMPOTENCY_KEY.test(key) || /[0-9]{12}/.test(key)) {
    throw new Refusal(
      'invalid-request',
      'Send Idempotency-Key: a UUID, or 8 to 64 of A-Z a-z 0-9 _ - without twelve digits in a row.',
    );
  }
  return key;
}
