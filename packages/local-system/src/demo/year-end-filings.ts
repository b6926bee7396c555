import type { CompanyPerson } from './company.ts';

/** One of December's filings, and whose numbers it carries. */
export type Filing = { nameJa: string; purpose: string; subjects: readonly string[] };

/**
 * What payroll files at the turn of the year. Each carries the numbers of other people, so each is its own
 * purpose: a payee's number may not be read for an employee's slip.
 */
export const YEAR_END_FILINGS: readonly Filing[] = [
  { nameJa: '源泉徴収票・給与支払報告書', purpose: 'TAX-WITHHOLD', subjects: ['E', 'D'] },
  { nameJa: '第3号被保険者関係届', purpose: 'SI-NP3', subjects: ['S3'] },
  { nameJa: '報酬等の支払調書', purpose: 'PAY-309', subjects: ['P'] },
];

/** The filing that carries this person's number. */
export function filingOf({ subject }: Pick<CompanyPerson, 'subject'>): Filing {
  const filing = YEAR_END_FILINGS.find(({ subjects }) => subjects.includes(subject));
  if (filing === undefined) throw new Error(`no filing carries numbers of subject ${subject}`);
  return filing;
}

/** The occasion, as it stands in every entry: December's payroll of the year of this legal day. */
export function decemberPayroll(today: string): string {
  return `PAYROLL-${today.slice(0, 4)}-12`;
}
