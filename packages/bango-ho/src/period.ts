import type { LegalDay } from './legal-day.ts';
import { dayAfter, dayBefore, daysInMonth, joinDay, splitDay } from './legal-day.ts';
import type { ClockStart, Period } from './retention-rule.ts';

/**
 * The first day that counts: the morrow of the clock's day, because the first day itself is not
 * counted (Civil Code 140). Undefined where the clock is not established.
 */
export function firstCountedDay(start: ClockStart, event: LegalDay): LegalDay | undefined {
  if (start.kind === 'unknown') return undefined;
  if (start.kind === 'event') return dayAfter(event);
  const year = splitDay(event).year + start.yearsLater;
  const { month, day } = splitDay(`2000-${start.monthDay}`);
  return dayAfter(joinDay({ year, month, day }));
}

/** The last day of a period whose first counted day is given (Civil Code 141 and 143). */
export function lastDayOf(period: Period, first: LegalDay): LegalDay {
  return period.unit === 'years' ? endOfYears(first, period.count) : endOfDays(first, period.count);
}

/**
 * Civil Code 143 (2): the day before the one that corresponds to the first counted day; where the
 * last month has no such day, the last day of that month.
 */
function endOfYears(first: LegalDay, count: number): LegalDay {
  const { year, month, day } = splitDay(first);
  const length = daysInMonth(year + count, month);
  return day > length
    ? joinDay({ year: year + count, month, day: length })
    : dayBefore(joinDay({ year: year + count, month, day }));
}

function endOfDays(first: LegalDay, count: number): LegalDay {
  let last = first;
  for (let counted = 1; counted < count; counted += 1) last = dayAfter(last);
  return last;
}
