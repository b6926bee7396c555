/** Wall-clock time in milliseconds since the epoch. Security checks use the real one; only tests replace it. */
export type Clock = () => number;

const TOKYO_DAY = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The legal day (`YYYY-MM-DD` in Asia/Tokyo) at an instant. */
export function legalDayOf(instant: number): string {
  return TOKYO_DAY.format(instant);
}
