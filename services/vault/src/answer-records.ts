import type { IndividualNumber, ProblemCode } from '@mnv/core';
import type { OpenNumbers, SealedNumber } from './open-numbers.ts';
import type { WantedRecord } from './release.repository.ts';

/** One record of a request: its number, or why not. */
export type RecordAnswer = { individualNumber: IndividualNumber } | { problem: ProblemCode };

/** A consumed record and the purpose of the request that consumed it. */
export type ConsumedRecord = { record: WantedRecord; purpose: string };

export type AnswerRecords = (
  tenantId: string,
  consumed: ConsumedRecord[],
) => Promise<RecordAnswer[]>;

/** Decides about each record and opens those that may be seen, all in one go; the answers keep the order. */
export function makeAnswerRecords(openNumbers: OpenNumbers): AnswerRecords {
  return async (tenantId, consumed) => {
    const judged = consumed.map((one) => judgeRecord(one));
    const opened = await openNumbers(
      tenantId,
      judged.filter((one) => typeof one !== 'string'),
    );
    return judged.map((one) => {
      const outcome = typeof one === 'string' ? one : opened.get(one.recordId);
      if (outcome === undefined) throw new Error('a record was not opened');
      return typeof outcome === 'string' ? { problem: outcome } : { individualNumber: outcome };
    });
  };
}

/** Another tenant's record is not among this tenant's rows: it is as unknown as one that never was. */
function judgeRecord({ record, purpose }: ConsumedRecord): SealedNumber | ProblemCode {
  if (record.disposed) return 'already-disposed';
  if (!record.sealed) return 'record-not-found';
  return record.purposes.includes(purpose) ? record.sealed : 'purpose-not-permitted';
}
