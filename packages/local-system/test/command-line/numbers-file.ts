import { writeFileSync } from 'node:fs';
import { makeIndividualNumber } from '@mnv/testing';

export const COLUMNS = [
  'individualRef',
  'subject',
  'relatedRef',
  'individualNumber',
  'purposes',
  'numberCheck',
  'identityCheck',
  'channel',
  'verifiedOn',
  'noticeVersion',
] as const;

export type Row = Record<(typeof COLUMNS)[number], string>;

export function row(individualRef: string, members: Partial<Row> = {}): Row {
  return {
    individualRef,
    subject: 'E',
    relatedRef: '',
    individualNumber: makeIndividualNumber(),
    purposes: 'TAX-WITHHOLD|EI',
    numberCheck: 'N1',
    identityCheck: 'I1',
    channel: 'online',
    verifiedOn: '2026-04-01',
    noticeVersion: '2026-01',
    ...members,
  };
}

/** The text of a file with these rows, every cell as it stands. */
export function csvOf(rows: readonly Row[], columns: readonly (keyof Row)[] = COLUMNS): string {
  const lines = rows.map((one) => columns.map((column) => one[column]).join(','));
  return [columns.join(','), ...lines, ''].join('\n');
}

export function writeNumbers(file: string, content: string | Uint8Array): string {
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
