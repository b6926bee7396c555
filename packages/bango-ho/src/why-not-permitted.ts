import { isInForce } from './find-rule.ts';
import type { LegalDay } from './legal-day.ts';
import type { Purpose } from './purpose.ts';
import { isInSeason } from './season.ts';

/** A use of a number, as a purpose sees it. */
export type IntendedUse = {
  readonly subject: string;
  readonly operation: string;
  readonly on: LegalDay;
  readonly document?: string;
};

export type UseRefusal = 'not-in-force' | 'subject' | 'operation' | 'document' | 'out-of-season';

/** Why a purpose does not cover a use, or undefined where it does. */
export function whyNotPermitted(purpose: Purpose, use: IntendedUse): UseRefusal | undefined {
  const { subjects, operations, documents } = purpose;
  if (!isInForce(purpose, use.on)) return 'not-in-force';
  if (!subjects.some((one) => one === use.subject)) return 'subject';
  if (!operations.some((one) => one === use.operation)) return 'operation';
  if (use.document !== undefined && !documents.includes(use.document)) return 'document';
  return isInSeason(purpose.season, use.on) ? undefined : 'out-of-season';
}
