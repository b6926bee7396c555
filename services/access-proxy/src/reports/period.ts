import { z } from 'zod';
import { Refusal } from '@mnv/core';

const Day = z.iso.date();
const Instant = z.iso.datetime({ offset: true });
const DAY_MS = 86_400_000;

/** Instants in milliseconds: from, and the first one after. */
export type Period = { from: number; to: number };

/**
 * A period as asked for: RFC 3339 instants, or legal days in Asia/Tokyo of which the last counts whole.
 * @throws Refusal `invalid-request`
 */
export function parsePeriod(query: { from?: unknown; to?: unknown }): Period {
  const from = query.from === undefined ? 0 : startOf(query.from);
  const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : endOf(query.to);
  if (from === undefined || to === undefined || to <= from) {
    throw new Refusal(
      'invalid-request',
      'Send "from" and "to" as days (YYYY-MM-DD) or instants (RFC 3339), in order.',
    );
  }
  return { from, to };
}

function startOf(text: unknown): number | undefined {
  // Japan has had no summer time since 1951: a legal day starts at +09:00.
  if (isDay(text)) return Date.parse(`${text}T00:00:00+09:00`);
  return isInstant(text) ? Date.parse(text) : undefined;
}

function endOf(text: unknown): number | undefined {
  const start = startOf(text);
  return start !== undefined && isDay(text) ? start + DAY_MS : start;
}

const isDay = (value: unknown): value is string => Day.safeParse(value).success;
const isInstant = (value: unknown): value is string => Instant.safeParse(value).success;
