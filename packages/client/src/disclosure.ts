import type { IndividualNumber } from '@mnv/core';
import type { Receipt } from '@mnv/protocol';
import type { Problem } from './problem-error.ts';

/** What a number is needed for: a code of the statutory list, and the occasion (`PAYROLL-2026-12`). */
export type DisclosurePurpose = { purpose: string; caseId: string };

/** A released number and its place in the tenant's access log. The number prints as nothing. */
export type DisclosedNumber = {
  recordId: string;
  individualNumber: IndividualNumber;
  index: number;
};

/** One record of a batch: its number, or why there is none. */
export type BatchDisclosure = DisclosedNumber | { recordId: string; problem: Problem };

/** The evidence of one request: keep it as long as you must account for the use. */
export type RequestReceipt = { requestId: string; recordIds: readonly string[]; receipt: Receipt };
