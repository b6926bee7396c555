import type { IndividualNumber, ProblemCode } from '@mnv/core';
import type { DisclosureOperation } from '@mnv/protocol';
import type { OpenNumbers, SealedNumber } from './open-numbers.ts';
import type { WantedRecord } from './release.repository.ts';

/** One record of a request: its number, or why not. */
export type RecordAnswer = { individualNumber: IndividualNumber } | RecordProblem;

type RecordProblem = { problem: ProblemCode; supersededBy?: string };

/** A consumed record, and what the request that consumed it is for. */
export type ConsumedRecord = {
  record: WantedRecord;
  purpose: string;
  operation: DisclosureOperation;
};

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
      judged.flatMap((one) => ('problem' in one ? [] : [one])),
    );
    return judged.map((one) => {
      if ('problem' in one) return one;
      const outcome = opened.get(one.recordId);
      if (outcome === undefined) throw new Error('a record was not opened');
      return typeof outcome === 'string' ? { problem: outcome } : { individualNumber: outcome };
    });
  };
}

/** Another tenant's record is not among this tenant's rows: it is as unknown as one that never was. */
function judgeRecord(consumed: ConsumedRecord): SealedNumber | RecordProblem {
  const { record, purpose } = consumed;
  if (record.disposed) return { problem: 'already-disposed' };
  if (!record.sealed) return { problem: 'record-not-found' };
  if (!record.purposes.includes(purpose)) return { problem: 'purpose-not-permitted' };
  return problemOfUse(consumed) ?? record.sealed;
}

/**
 * A number that was changed is of use for forms filed with it alone, and who asks says so under a signature; one
 * that was mistyped is of no use at all, and may be somebody else's.
 */
function problemOfUse({
  record: { superseded },
  operation,
}: ConsumedRecord): RecordProblem | undefined {
  if (operation === 'disclose-superseded' && superseded?.reason === 'changed') return undefined;
  if (superseded) return { problem: 'record-superseded', supersededBy: superseded.by };
  return operation === 'disclose' ? undefined : { problem: 'record-not-superseded' };
}
