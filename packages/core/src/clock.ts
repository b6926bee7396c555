/** Wall-clock time in milliseconds since the epoch. Security checks use the real one; only tests replace it. */
export type Clock = () => number;

const TOKYO_DAY = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** In no time zone does a day begin within a quarter of an hour. */
const QUARTER_MS = 900_000;
let latest = { quarter: Number.NaN, day: '' };

/** The legal day (`YYYY-MM-DD` in Asia/Tokyo) at an instant. Each request asks for the day of now. */
export function legalDayOf(instant: number): string {
  const quarter = Math.floor(instant / QUARTER_MS);
  if (quarter !== latest.quarter) latest = { quarter, day: TOKYO_DAY.format(instant) };
  return latest.day;
}
