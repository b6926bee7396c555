import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { makeIndividualNumber } from '@mnv/testing';
import { COLLECTED_FOR, type CompanyPerson } from './company.ts';

const HEADER =
  'individualRef,subject,relatedRef,individualNumber,purposes,numberCheck,identityCheck,channel,verifiedOn,noticeVersion';

/**
 * The company's list as its old system exports it, readable by its owner alone. The numbers are made while it
 * is written, and are nowhere else.
 */
export function writeCompanyFile(
  file: string,
  people: readonly CompanyPerson[],
  verifiedOn: string,
): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, `${HEADER}\n`);
    for (const person of people) writeSync(handle, `${rowOf(person, verifiedOn)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function rowOf({ individualRef, subject, relatedRef }: CompanyPerson, verifiedOn: string): string {
  return [
    individualRef,
    subject,
    relatedRef,
    makeIndividualNumber(),
    COLLECTED_FOR[subject].join('|'),
    'N1',
    'I1',
    'face-to-face',
    verifiedOn,
    'notice-1',
  ].join(',');
}
