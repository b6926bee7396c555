import { legalDayOf } from '@mnv/core';
import type { CompanyPerson } from '../company.ts';

/** What happens to the people of a company within a year, by month from its beginning. */
export const HIRING_MONTH = 5;
export const YEAR_END_MONTH = 1;
export const LEAVING_MONTH = 4;
export const FAMILY_MONTH = 7;
export const PAYEE_MONTH = 9;
export const DISPOSAL_MONTH = 12;
export const MONTHS = 12;
/** Of ten people one is hired; of the employees one in five leaves; of the other dependants one in five ends. */
const ONE_IN = 5;

export type LegalDays = { begin: string; of(month: number): string };

/** The same day of each month of the year that begins on a legal day; short months end sooner. */
export function legalDaysFrom(instant: number): LegalDays {
  const begin = legalDayOf(instant);
  return { begin, of: (month) => monthsAfter(begin, month) };
}

function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 0, of = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  first.setUTCDate(Math.min(of, last));
  return first.toISOString().slice(0, 10);
}

/** Employees who leave within the year, in the order of the list. */
export function leaversOf<P extends CompanyPerson>(people: readonly P[]): P[] {
  return people.filter(({ subject }) => subject === 'E').filter((_, at) => at % ONE_IN === 0);
}

/** Dependants of employees who stay, who are dependants no more. */
export function endingDependantsOf<P extends CompanyPerson>(people: readonly P[]): P[] {
  const gone = new Set(leaversOf(people).map(({ individualRef }) => individualRef));
  return people
    .filter(({ subject, relatedRef }) => subject === 'D' && !gone.has(relatedRef))
    .filter((_, at) => at % ONE_IN === 0);
}

/** Payees whose contracts end. */
export function endingPayeesOf<P extends CompanyPerson>(people: readonly P[]): P[] {
  return people.filter(({ subject }) => subject === 'P');
}

/** Dependants and spouses of the leavers: they go along. */
export function familiesOf<P extends CompanyPerson>(
  people: readonly P[],
  leavers: readonly P[],
): P[] {
  const gone = new Set(leavers.map(({ individualRef }) => individualRef));
  return people.filter(({ relatedRef }) => relatedRef !== '' && gone.has(relatedRef));
}
