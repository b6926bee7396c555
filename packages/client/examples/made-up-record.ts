import { randomInt } from 'node:crypto';
import type { NewRecord } from '@mnv/client';
import { checkDigitOf } from '@mnv/core';

/** A record of a person who does not exist. The number is made here and now, and may still be somebody's. */
export function madeUpRecord(individualRef: string): NewRecord {
  const digits = String(randomInt(10 ** 11)).padStart(11, '0');
  return {
    individualRef,
    subject: 'E',
    individualNumber: digits + String(checkDigitOf(digits)),
    purposes: ['TAX-WITHHOLD', 'EI'],
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
