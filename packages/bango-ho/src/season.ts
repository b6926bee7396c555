import type { LegalDay } from './legal-day.ts';
import { daysInMonth, isLegalDay } from './legal-day.ts';
import type { Season } from './purpose.ts';

/** Whether both ends are days of a (leap) year, `MM-DD`. */
export function isSeason({ from, to }: Season): boolean {
  return isLegalDay(`2000-${from}`) && isLegalDay(`2000-${to}`);
}

/** Whether a day lies in a season. Null is all the year. */
export function isInSeason(season: Season | null, day: LegalDay): boolean {
  return season === null || holds(season, day.slice(5));
}

/** Whether every day of `inner` is a day of `outer`. */
export function isWithinSeason(inner: Season | null, outer: Season | null): boolean {
  if (outer === null) return true;
  return inner !== null && DAYS.every((day) => !holds(inner, day) || holds(outer, day));
}

function holds({ from, to }: Season, monthDay: string): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to;
}

const DAYS: readonly string[] = Array.from({ length: 12 }, (_, month) =>
  Array.from({ length: daysInMonth(2000, month + 1) }, (_day, day) => {
    const two = (part: number) => String(part + 1).padStart(2, '0');
    return `${two(month)}-${two(day)}`;
  }),
).flat();
