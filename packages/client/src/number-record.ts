import type { Subject, Verification } from '@mnv/core';

/** A number to store, with what the law wants remembered about how it was obtained. */
export type NewRecord = {
  individualRef: string;
  subject: Subject;
  relatedRef?: string;
  /** Twelve ASCII digits. Passed on as it is: the vault judges it, the same way on every route. */
  individualNumber: string;
  purposes: readonly string[];
  verification: Verification;
  noticeVersion: string;
};

/** The JSON of a record as it goes over the wire: one line, no spaces. */
export function recordBody(record: NewRecord): string {
  const { individualRef, subject, relatedRef, individualNumber, ...rest } = record;
  const { purposes, verification, noticeVersion } = rest;
  return JSON.stringify({
    individualRef,
    subject,
    ...(relatedRef === undefined ? {} : { relatedRef }),
    individualNumber,
    purposes,
    verification,
    noticeVersion,
  });
}
