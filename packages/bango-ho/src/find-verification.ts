import { LAW } from './current-law.ts';
import { isInForce } from './find-rule.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import type { PurposeSubject } from './purpose.ts';
import type { IdentityCheck, NumberCheck, VerificationDuty } from './verification-method.ts';

export type DutyQuestion = {
  readonly purpose: string;
  readonly subject: PurposeSubject;
  readonly on: LegalDay;
};

/** Who must verify a subject's number for a purpose; a row for the purpose goes before one for all. */
export function findVerificationDuty(
  { purpose, subject, on }: DutyQuestion,
  law: Law = LAW,
): VerificationDuty | undefined {
  const rows = law.verificationDuties.filter(
    (row) => row.subject === subject && isInForce(row, on),
  );
  return rows.find((row) => row.purpose === purpose) ?? rows.find((row) => row.purpose === '*');
}

/** The checks of the number and of the person that count on a day. */
export function verificationMethodsOn(
  on: LegalDay,
  law: Law = LAW,
): {
  readonly numberChecks: readonly NumberCheck[];
  readonly identityChecks: readonly IdentityCheck[];
} {
  return {
    numberChecks: law.numberChecks.filter((row) => isInForce(row, on)),
    identityChecks: law.identityChecks.filter((row) => isInForce(row, on)),
  };
}
