import { IndividualNumber } from '@mnv/core';
import type { Receipt } from '@mnv/protocol';
import type { BatchDisclosure, DisclosedNumber } from './disclosure.ts';
import { ProblemError, problemFrom } from './problem-error.ts';
import { TransportError } from './transport-error.ts';

/** `{recordId, individualNumber, index}` for the record that was asked for. */
export function disclosedFrom(value: unknown, recordId: string): DisclosedNumber {
  const answer = value as {
    recordId?: unknown;
    individualNumber?: unknown;
    index?: unknown;
  } | null;
  const { individualNumber: digits, index } = answer ?? {};
  const number = typeof digits === 'string' ? IndividualNumber.parse(digits) : undefined;
  const sound = answer?.recordId === recordId && number !== undefined && isIndex(index);
  if (!sound) throw new TransportError('answer-invalid', 'DISCLOSURE');
  return { recordId, individualNumber: number, index };
}

/**
 * A chunk refused as a whole is answered by one line, `{problem}`, that names no record.
 * @throws ProblemError
 */
export function requireNotRefused(line: unknown): void {
  const { recordId, problem } = (line ?? {}) as { recordId?: unknown; problem?: unknown };
  const refusal = recordId === undefined ? problemFrom(problem) : undefined;
  if (refusal) throw new ProblemError(refusal);
}

/** One record's line of a batch. */
export function batchDisclosureFrom(value: unknown, recordId: string): BatchDisclosure {
  const answer = value as { recordId?: unknown; problem?: unknown } | null;
  const problem = problemFrom(answer?.problem);
  if (problem === undefined) return disclosedFrom(value, recordId);
  if (answer?.recordId !== recordId) throw new TransportError('answer-invalid', 'DISCLOSURE');
  return { recordId, problem };
}

/** `{first, n, entries[], proof[], checkpoint}`; what it says is checked by the verifier, not here. */
export function receiptFrom(value: unknown): Receipt {
  const { first, n, entries, proof, checkpoint } = (value ?? {}) as Record<string, unknown>;
  const sound =
    isIndex(first) &&
    isIndex(n) &&
    areTexts(entries) &&
    areTexts(proof) &&
    typeof checkpoint === 'string';
  if (!sound) throw new TransportError('answer-invalid', 'RECEIPT');
  return { first, n, entries, proof, checkpoint };
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
