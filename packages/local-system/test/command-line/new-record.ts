import type { NewRecord } from '@mnv/client';
import { makeIndividualNumber } from '@mnv/testing';

/** A record of one employee with a number made now. */
export function newRecord(individualRef: string): NewRecord {
  return {
    individualRef,
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: ['TAX-WITHHOLD'],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'online',
      verifiedBy: 'operator-1',
      verifiedOn: '2026-04-01',
    },
    noticeVersion: '2026-01',
  };
}
