import { firstUncovered } from './check-versions.ts';
import type { LawDocument } from './document.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { LawData } from './law.ts';
import { isLegalDay } from './legal-day.ts';
import type { ClockStart, RetentionRule } from './retention-rule.ts';

/** Rules name documents and clocks that exist; every kept document has a rule on every day. */
export function checkRetention(data: LawData): Fault[] {
  return [
    ...data.clocks.flatMap((clock) => checkStart(`clocks ${clock.code}`, clock.start)),
    ...data.retentionRules.flatMap((rule) => checkRule(rule, data)),
    ...data.documents.flatMap((document) => checkDocument(document, data)),
  ];
}

function checkStart(at: string, start: ClockStart): Fault[] {
  if (start.kind !== 'fixed-day') return [];
  const { yearsLater, monthDay } = start;
  const whole = Number.isInteger(yearsLater) && yearsLater >= 0;
  // 29 February would not exist in every year.
  return whole && isLegalDay(`2001-${monthDay}`) ? [] : [fault(at, 'fixed day does not exist')];
}

/** A slip of the pen, or somebody who wants days counted for ever. */
const LONGEST = { years: 100, days: 36_525 } as const;

function checkRule(rule: RetentionRule, data: LawData): Fault[] {
  const at = `retentionRules ${rule.code}`;
  const clock = data.clocks.find((one) => one.code === rule.clock);
  const { count } = rule.period;
  const unsure = clock?.confidence === 'needs-check' && rule.confidence !== 'needs-check';
  return [
    ...(clock === undefined ? [fault(at, `unknown clock ${rule.clock}`)] : []),
    ...(unsure ? [fault(at, 'is surer than its clock')] : []),
    ...(Number.isInteger(count) && count >= 1 ? [] : [fault(at, 'period is not a whole number')]),
    ...(count <= LONGEST[rule.period.unit] ? [] : [fault(at, 'period is longer than a lifetime')]),
    ...(rule.documents.length > 0 ? [] : [fault(at, 'governs no document')]),
    ...rule.documents
      .filter((code) => !data.documents.some((one) => one.code === code))
      .map((code) => fault(at, `unknown document ${code}`)),
  ];
}

function checkDocument(document: LawDocument, data: LawData): Fault[] {
  const at = `documents ${document.code}`;
  if (document.whereabouts === 'filed') return checkCopy(at, document, data);
  if (document.copy !== null) return [fault(at, 'is kept, yet names a copy')];
  if (document.retention === 'not-established') return [];
  const rules = data.retentionRules.filter((rule) => rule.documents.includes(document.code));
  const day = firstUncovered(document, rules);
  return day === undefined ? [] : [fault(at, `no retention rule from ${day}`)];
}

function checkCopy(at: string, { copy }: LawDocument, data: LawData): Fault[] {
  const kept = data.documents.some((one) => one.code === copy && one.whereabouts === 'kept');
  return kept ? [] : [fault(at, 'is filed, yet its kept copy is not in the table')];
}
