import { randomUUID } from 'node:crypto';
import type { ChangeReason, IndividualNumber, StoreWarning, Verification } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { BeginInternalAct } from '../internal-act.ts';
import type { SealedNumber } from '../open-numbers.ts';
import type {
  FreshLine,
  RecordToChange,
  StoreDependencies,
  StoreRequest,
  StoreTransaction,
} from '../store-numbers.ts';
import {
  answerRepeat,
  digestOf,
  isSameNumber,
  partsOf,
  withoutConflict,
} from '../store-numbers.ts';

/** Another number for a record, already validated. `from` is the legal day since which it holds. */
export type NumberChange = {
  recordId: string;
  individualNumber: IndividualNumber;
  from: string;
  reason: ChangeReason;
  verification: Verification;
  noticeVersion: string;
};

export type ChangeRequest = {
  tenantId: string;
  clientId: string;
  changedBy: string;
  rid: string;
  key: string;
  change: NumberChange;
};

/** The record that holds the number from now on. `individualRef` is whose it is. */
export type ChangedNumber = { recordId: string; individualRef: string; warning?: StoreWarning };

export type ChangeDependencies = StoreDependencies & {
  findSealed(tenantId: string, recordId: string): Promise<SealedNumber | undefined>;
  beginInternalAct: BeginInternalAct;
};

export type ChangeNumber = (request: ChangeRequest) => Promise<ChangedNumber>;

/**
 * Stores the new number as a record of its own and marks the one before as superseded, in one transaction: there
 * is no moment at which both or neither are in use. A repeat of the key answers the record it made.
 * @throws Refusal `record-not-found`, `already-disposed`, `record-superseded`, `number-unchanged`,
 *   `idempotency-mismatch`, `idempotency-in-flight`
 */
export function makeChangeNumber(deps: ChangeDependencies): ChangeNumber {
  return async (request) => {
    await requireOtherNumber(request, deps);
    return withoutConflict(() =>
      deps.transaction(request.tenantId, (trx) => changeOnce(request, trx)),
    );
  };
}

/**
 * Who changes a number to the one that is held has it wrong. Compared before the transaction, which would hold
 * its locks while the control log is written; numbers of a record never change. Nobody can guess with it: the
 * first guess that is wrong becomes the number.
 */
async function requireOtherNumber(
  { tenantId, change }: ChangeRequest,
  { findSealed, beginInternalAct }: ChangeDependencies,
): Promise<void> {
  const sealed = await findSealed(tenantId, change.recordId);
  if (sealed === undefined) return;
  const act = await beginInternalAct('duplicate-check', 1);
  const question = (held: IndividualNumber) => isSameNumber(held, change.individualNumber);
  const answers = await act.ask(tenantId, [sealed], question);
  if (answers.get(change.recordId) === 'yes')
    throw new Refusal('number-unchanged', 'The record holds this number already.');
}

async function changeOnce(request: ChangeRequest, trx: StoreTransaction): Promise<ChangedNumber> {
  const { change } = request;
  const before = await trx.findForChange(change.recordId);
  const line = lineOf(request, before);
  const storing = storeRequestOf(request, line);
  const known = (await trx.findIdempotencyRows(storing)).get(request.key);
  if (known) return repeated(line, known, trx);
  requireChangeable(before);
  const superseded = { by: line.recordId, reason: change.reason, from: change.from };
  await trx.supersede(change.recordId, superseded);
  await trx.sealAndInsert(storing, [line]);
  await trx.tellOfChange(change.recordId, superseded);
  return { recordId: line.recordId, individualRef: line.draft.individualRef };
}

async function repeated(
  line: FreshLine,
  known: { digest: Buffer; recordId: string },
  trx: StoreTransaction,
): Promise<ChangedNumber> {
  const stored = (await trx.openStored([known.recordId])).get(known.recordId);
  const sent = { digest: line.digest, number: line.draft.individualNumber };
  const answer = answerRepeat(sent, known, stored);
  if ('recordId' in answer) return { ...answer, individualRef: line.draft.individualRef };
  throw new Refusal(answer.problem, 'Send another change under an Idempotency-Key of its own.');
}

function requireChangeable(before: RecordToChange | undefined): asserts before is RecordToChange {
  if (before === undefined) throw new Refusal('record-not-found', 'The tenant has no such record.');
  if (before.disposed)
    throw new Refusal('already-disposed', 'The number of this record was disposed of.');
  if (before.superseded)
    throw new Refusal('record-superseded', 'Change the record that holds the number now.', {
      supersededBy: before.superseded.by,
    });
}

/** The successor: the same individual for the same purposes. Of a record that is not there nothing is stored. */
function lineOf({ key, change }: ChangeRequest, before: RecordToChange | undefined): FreshLine {
  const { individualNumber, verification, noticeVersion } = change;
  const { individualRef = '', subject = 'E', relatedRef, purposes = [] } = before ?? {};
  return {
    key,
    recordId: randomUUID(),
    digest: digestWithoutNumber(change),
    draft: {
      individualRef,
      subject,
      ...(relatedRef !== undefined && { relatedRef }),
      purposes,
      individualNumber,
      verification,
      noticeVersion,
    },
  };
}

function digestWithoutNumber(change: NumberChange): Buffer {
  const { recordId, from, reason, verification, noticeVersion } = change;
  return digestOf([recordId, from, reason, partsOf(verification), noticeVersion]);
}

function storeRequestOf(request: ChangeRequest, line: FreshLine): StoreRequest {
  const { tenantId, clientId, changedBy: storedBy, rid } = request;
  return { tenantId, clientId, storedBy, rid, route: 'number-changes', lines: [line] };
}
