import { randomUUID } from 'node:crypto';
import { makeIndividualNumber } from '@mnv/testing';
import { PURPOSE } from './intent.ts';

/** A record as a tenant sends it, with a number made now. */
export function makeRecord(changes: object = {}) {
  return {
    individualRef: `E-${randomUUID().slice(0, 8)}`,
    subject: 'E',
    individualNumber: makeIndividualNumber(),
    purposes: [PURPOSE],
    verification: {
      numberCheck: 'N1',
      identityCheck: 'I1',
      channel: 'face-to-face',
      verifiedBy: 'clerk-7',
      verifiedOn: '2026-04-01',
    },
    noticeVersion: '2026-1',
    ...changes,
  };
}
