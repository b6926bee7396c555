import { isUuid } from '@mnv/core';
import type { ChangeReason, Verification } from '@mnv/core';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { Stored } from './store-records.ts';
import { storedOf } from './store-records.ts';

/** Another number of an individual. `from` is the legal day since which it holds, today or before. */
export type NumberChange = {
  recordId: string;
  /** Twelve ASCII digits, as with {@link NewRecord}. */
  individualNumber: string;
  from: string;
  /** `changed`: the municipality gave a new one (番号変更). `corrected`: the number stored was mistyped. */
  reason: ChangeReason;
  verification: Verification;
  noticeVersion: string;
};

/**
 * Stores the number as a new record, which is answered, and supersedes the one named. Repeats itself under one
 * idempotency key: it happens once.
 * @throws ProblemError `record-superseded` with `supersededBy` when another record holds the number already
 */
export async function changeNumber(
  context: JsonContext,
  { recordId, ...change }: NumberChange,
  idempotencyKey: string = newIdempotencyKey(),
): Promise<Stored> {
  if (!isUuid(recordId)) throw new TypeError('a record id is a UUID in lower case');
  const { individualNumber, from, reason, verification, noticeVersion } = change;
  const answer = await jsonCall(context, {
    method: 'POST',
    path: `/v1/tenants/${context.tenant}/records/${recordId}/number-changes`,
    headers: { 'idempotency-key': idempotencyKey },
    json: { individualNumber, from, reason, verification, noticeVersion },
  });
  return storedOf(answer);
}
