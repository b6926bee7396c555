/** A calendar day of Japan, `YYYY-MM-DD` (proleptic Gregorian, 0001 to 9999). Days compare as texts do. */
export type LegalDay = string;

type Ymd = { readonly year: number; readonly month: number; readonly day: number };

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const LAST_YEAR = 9999;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days in a month of 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

function partsOf(text: string): Ymd | undefined {
  const [, year, month, day] = SHAPE.exec(text) ?? [];
  return year === undefined
    ? undefined
    : { year: Number(year), month: Number(month), day: Number(day) };
}

/** A million histories name the same few thousand days over and over. */
const MAX_REMEMBERED = 50_000;
const remembered = new Set<string>();

/** Whether a text is a day that exists. */
export function isLegalDay(text: string): boolean {
  if (remembered.has(text)) return true;
  const parts = partsOf(text);
  if (parts === undefined || parts.year < 1) return false;
  const exists = parts.day >= 1 && parts.day <= daysInMonth(parts.year, parts.month);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  if (exists) remembered.add(text);
  return exists;
}

/** Year, month and day of a day that exists; anything else is a RangeError that repeats no input. */
export function splitDay(day: LegalDay): Ymd {
  const parts = partsOf(day);
  if (parts === undefined || !isLegalDay(day)) throw new RangeError('not a calendar day');
  return parts;
}

/** The text of a day. The day must exist; the year must stay within four digits. */
export function joinDay({ year, month, day }: Ymd): LegalDay {
  if (year < 1 || year > LAST_YEAR) throw new RangeError('the year is outside 0001 to 9999');
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

const morrows = new Map<LegalDay, LegalDay>();

/** The day after. */
export function dayAfter(of: LegalDay): LegalDay {
  const known = morrows.get(of) ?? workOutMorrow(of);
  if (morrows.size >= MAX_REMEMBERED) morrows.clear();
  morrows.set(of, known);
  return known;
}

function workOutMorrow(of: LegalDay): LegalDay {
  const { year, month, day } = splitDay(of);
  if (day < daysInMonth(year, month)) return joinDay({ year, month, day: day + 1 });
  if (month < 12) return joinDay({ year, month: month + 1, day: 1 });
  return joinDay({ year: year + 1, month: 1, day: 1 });
}

/** The day before. */
export function dayBefore(of: LegalDay): LegalDay {
  const { year, month, day } = splitDay(of);
  if (day > 1) return joinDay({ year, month, day: day - 1 });
  if (month > 1) return joinDay({ year, month: month - 1, day: daysInMonth(year, month - 1) });
  return joinDay({ year: year - 1, month: 12, day: 31 });
}

/** The later of two days. */
export function laterOf(one: LegalDay, other: LegalDay): LegalDay {
  return one > other ? one : other;
}
