const HOUR_MS = 60 * 60_000;
const TOKYO_AHEAD_HOURS = 9;
const FROM_HOUR = 1;
const TO_HOUR = 5;

/** Whether it is between one and five o'clock in Tokyo, when nobody works with the numbers. */
export function isNight(instant: number): boolean {
  const hour = (Math.floor(instant / HOUR_MS) + TOKYO_AHEAD_HOURS) % 24;
  return hour >= FROM_HOUR && hour < TO_HOUR;
}
