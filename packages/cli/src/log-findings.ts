import type { LogFaultCode } from '@mnv/disposal-certificate';

/** What a verification of a log can find wrong. */
export type FindingCode =
  | 'entries-missing'
  | 'entry-malformed'
  | 'root-differs'
  | 'root-unproven'
  | 'tile-missing'
  | 'tile-differs'
  | 'clock-went-back'
  | 'tenants-mixed'
  | 'root-missing'
  | LogFaultCode
  | 'seen-contradicted'
  | 'outcome-without-intent'
  | 'request-split'
  | 'known-checkpoint-contradicted'
  | 'known-checkpoint-ahead'
  | 'release-malformed'
  | 'release-twice'
  | 'release-not-logged'
  | 'release-incomplete'
  | 'delivery-not-released'
  | 'nothing-compared'
  | 'nothing-checked';

/** One thing wrong, and where: the first index concerned, and how many entries when it is a range. */
export type Finding = { code: FindingCode; detail: string; index?: number; count?: number };

const MOST_KEPT = 100;

/** Collects findings; counts all, keeps the first hundred. */
export function makeFindings() {
  const kept: Finding[] = [];
  let total = 0;
  const add = (finding: Finding): void => {
    total += 1;
    if (kept.length < MOST_KEPT) kept.push(finding);
  };
  return { add, kept, total: () => total };
}

export type Findings = ReturnType<typeof makeFindings>;
