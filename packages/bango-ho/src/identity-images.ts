import { LAW } from './current-law.ts';
import { explain } from './explain-rule.ts';
import { findRule } from './find-rule.ts';
import { findVerificationDuty } from './find-verification.ts';
import type { DutyQuestion } from './find-verification.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter } from './legal-day.ts';
import { lastDayOf } from './period.ts';
import type { RetentionRule } from './retention-rule.ts';

/** No duty of law: the policy of this product, as its row in the table says. */
const RULE = 'R-IDIMG';

/** The rule about copies of identity documents (本人確認書類の写し) in force on a day: the longest they are kept. */
export function ruleOfImages(on: LegalDay, law: Law = LAW): RetentionRule {
  return findRule(law, RULE, on).rule;
}

/**
 * The last day a copy is kept by who keeps it `keepDays`, and never longer than the rule allows. Counted as every
 * other period: from the morrow (Civil Code 140, 141).
 */
export function lastDayOfImage(
  { countedFrom, keepDays }: { countedFrom: LegalDay; keepDays: number },
  law: Law = LAW,
): LegalDay {
  const { deleteBy } = explain({ rule: RULE, event: countedFrom }, law);
  const chosen = lastDayOf({ unit: 'days', count: keepDays }, dayAfter(countedFrom));
  return deleteBy !== null && deleteBy < chosen ? deleteBy : chosen;
}

/** Whether the employer verifies the individual for a purpose (番号法16条): only then it has any use for a copy. */
export function isVerifiedByEmployer(question: DutyQuestion, law: Law = LAW): boolean {
  const duty = findVerificationDuty(question, law);
  return duty !== undefined && duty.requiredBy !== 'employee';
}
