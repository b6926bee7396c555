import { makeIndividualNumber } from '@mnv/testing';
import { PURPOSE } from './load-job.ts';

/** A new record of an employee, with a number made for it. */
export function benchRecord(individualRef: string) {
  return {
    individualRef,
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: [PURPOSE, 'TAX-RETIRE'],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'face-to-face',
      verifiedBy: 'operator-1',
      verifiedOn: '2026-04-01',
    },
    noticeVersion: 'notice-2026-04',
  } as const;
}
