import { familyName, givenName } from './japanese-names.ts';

/** Employee, dependant, category-3 insured spouse, payee. */
type CompanySubject = 'E' | 'D' | 'S3' | 'P';

/** Somebody whose number a company needs, as its payroll knows them. The number is not part of it. */
export type CompanyPerson = {
  /** The company's own key of the person. */
  individualRef: string;
  name: string;
  subject: CompanySubject;
  /** The employee a dependant or spouse belongs to. */
  relatedRef: string;
};

/** Ten people of a company: half are employed, the rest are their families and one payee. */
const TEN: readonly CompanySubject[] = ['E', 'S3', 'D', 'E', 'D', 'E', 'E', 'D', 'E', 'P'];

/** What a company collects a number for, told to the person beforehand, by kind of person. */
export const COLLECTED_FOR: Record<CompanySubject, readonly string[]> = {
  E: ['TAX-WITHHOLD', 'TAX-DECL-DEP', 'TAX-DECL-YEA', 'SI-HP', 'EI'],
  D: ['TAX-WITHHOLD', 'TAX-DECL-DEP', 'SI-DEP'],
  S3: ['SI-NP3'],
  P: ['PAY-309'],
};

/**
 * A company of so many people. `prefix` keeps the references of one run apart from those of another, since
 * one person has one living record.
 */
export function makeCompany(people: number, prefix: string): CompanyPerson[] {
  let employee = { individualRef: '', family: '' };
  return Array.from({ length: people }, (_, at) => {
    const subject = TEN[at % TEN.length] ?? 'E';
    const individualRef = `${prefix}-${subject}${String(at + 1).padStart(5, '0')}`;
    if (subject === 'E') employee = { individualRef, family: familyName(at) };
    const belongs = subject === 'D' || subject === 'S3';
    const family = belongs ? employee.family : familyName(at);
    const relatedRef = belongs ? employee.individualRef : '';
    return { individualRef, name: `${family} ${givenName(at)}`, subject, relatedRef };
  });
}
