import { FINDING_TEXTS } from './finding-texts.ts';
import type { ClaimId } from './claims.ts';

export type FindingCode = keyof typeof FINDING_TEXTS;

/** One thing wrong. `at` names a member, an entry or a record where that helps. */
export type Finding = { code: FindingCode; ja: string; en: string; at?: string };

/** `NOT CHECKED` is no kind of success. */
export type Verdict = 'PASS' | 'FAIL' | 'NOT CHECKED';

/** What was found out about one claim: `checked` things were looked at. */
export type ClaimVerdict = {
  id: ClaimId;
  verdict: Verdict;
  checked: number;
  findings: Finding[];
  /** How many there are: the first twenty are kept. */
  findingsInAll: number;
  /** Why nothing was checked, or what the check rests on. */
  note?: { ja: string; en: string };
};

const MOST_KEPT = 20;

/** Judges one claim: counts what was looked at, keeps what is wrong. A claim of which nothing was checked fails. */
export function judging(id: ClaimId) {
  const findings: Finding[] = [];
  let total = 0;
  let checked = 0;
  const find = (code: FindingCode, at?: string): void => {
    total += 1;
    if (findings.length < MOST_KEPT)
      findings.push({ code, ...FINDING_TEXTS[code], ...(at !== undefined && { at }) });
  };
  /** Looks at one thing. */
  const expect = (holds: boolean, code: FindingCode, at?: string): boolean => {
    checked += 1;
    if (!holds) find(code, at);
    return holds;
  };
  const verdict = (note?: ClaimVerdict['note']): ClaimVerdict => {
    if (checked === 0 && total === 0) find('nothing-checked');
    return {
      id,
      verdict: total === 0 ? 'PASS' : 'FAIL',
      checked,
      findings,
      findingsInAll: total,
      ...(note && { note }),
    };
  };
  return { expect, find, verdict };
}

export type Judging = ReturnType<typeof judging>;

export function notChecked(id: ClaimId, note: NonNullable<ClaimVerdict['note']>): ClaimVerdict {
  return { id, verdict: 'NOT CHECKED', checked: 0, findings: [], findingsInAll: 0, note };
}
