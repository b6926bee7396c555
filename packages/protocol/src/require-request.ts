import { invalidRequest } from './invalid-request.ts';
import { recordsDigest } from './signed-request.ts';
import type { SignedRequest } from './signed-request.ts';

/** A request is fresh for one minute on either side of the receiver's clock. */
export const REQUEST_FRESH_SECONDS = 60;

type Expected = { tenant: string; operation: string; now: number };

/**
 * Requires that a request is fresh and covers exactly these records in this order.
 * @throws Refusal `request-signature-invalid`
 */
export function requireRequest(
  request: SignedRequest,
  expected: Expected & { recordIds: readonly string[] },
): void {
  const { recordIds } = expected;
  const covered = { count: recordIds.length, recordsDigest: recordsDigest(recordIds) };
  if (!covers(request, { ...expected, ...covered })) throw invalidRequest();
}

/**
 * Requires that a request is fresh and about exactly this batch.
 * @throws Refusal `request-signature-invalid`
 */
export function requireBatchRequest(
  request: SignedRequest,
  expected: Expected & { batchHash: string; count: number },
): void {
  if (!covers(request, { ...expected, recordsDigest: expected.batchHash })) throw invalidRequest();
}

function covers(
  request: SignedRequest,
  expected: Expected & Pick<SignedRequest, 'count' | 'recordsDigest'>,
): boolean {
  const age = Math.abs(expected.now / 1000 - request.iat);
  return (
    age <= REQUEST_FRESH_SECONDS &&
    request.tenant === expected.tenant &&
    request.operation === expected.operation &&
    request.count === expected.count &&
    request.recordsDigest === expected.recordsDigest
  );
}
