import { dayAfter, isLegalDay } from './legal-day.ts';
import type { LegalDay } from './legal-day.ts';

/** A stretch of days, both included; `to` null while it goes on. */
export type Reach = { readonly effectiveFrom: LegalDay; readonly effectiveTo: LegalDay | null };

/** Overlaps and gaps between the versions of one row, in words. */
export function checkVersions(versions: readonly Reach[]): string[] {
  if (!versions.every(isReach)) return [];
  const ordered = versions.toSorted(byStart);
  return ordered.slice(1).flatMap((next, at) => {
    const expected = morrowOf(ordered[at]);
    if (expected === undefined || next.effectiveFrom < expected) {
      return [`versions overlap from ${next.effectiveFrom}`];
    }
    return next.effectiveFrom > expected ? [`versions leave a gap from ${expected}`] : [];
  });
}

/** The first day of `whole` that no part covers, or undefined where all its days are covered. */
export function firstUncovered(whole: Reach, parts: readonly Reach[]): LegalDay | undefined {
  let missing = whole.effectiveFrom;
  for (const part of parts.filter(isReach).toSorted(byStart)) {
    if (part.effectiveFrom > missing) break;
    if (part.effectiveTo === null) return undefined;
    if (part.effectiveTo >= missing) missing = dayAfter(part.effectiveTo);
  }
  return whole.effectiveTo !== null && missing > whole.effectiveTo ? undefined : missing;
}

function byStart(one: Reach, other: Reach): number {
  return one.effectiveFrom < other.effectiveFrom ? -1 : 1;
}

function isReach({ effectiveFrom, effectiveTo }: Reach): boolean {
  return isLegalDay(effectiveFrom) && (effectiveTo === null || isLegalDay(effectiveTo));
}

function morrowOf(reach: Reach | undefined): LegalDay | undefined {
  const last = reach?.effectiveTo ?? null;
  return last === null ? undefined : dayAfter(last);
}
