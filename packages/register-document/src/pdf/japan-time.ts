const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;
// Japan has had no summer time since 1951.
const OFFSET_MS = 9 * 3_600_000;

/** Instants of a text (RFC 3339, UTC) as a clock in Japan shows them. */
export function inJapanTime(text: string): string {
  return text.replaceAll(INSTANT, (instant) => clockInJapan(Date.parse(instant)));
}

/** `2026-11-25 10:00:00`. */
export function clockInJapan(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}
