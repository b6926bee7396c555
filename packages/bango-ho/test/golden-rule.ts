import { expect, it } from '@jest/globals';
import { LAW, explain } from '@mnv/bango-ho';

/** One line of a golden table: the event's day, the last day to keep, and why it is in the table. */
export type GoldenLine = readonly [event: string, lastDay: string, why: string];

/** Tests every line against a duty; the rule's own citation stands in the name of each test. */
export function keepsThrough(rule: string, lines: readonly GoldenLine[]): void {
  const citation = LAW.retentionRules.find((row) => row.code === rule)?.citation;
  it.each(lines)(`${rule} (${citation}): from %s keeps through %s (%s)`, (event, lastDay) => {
    expect(explain({ rule, event }).keepThrough).toBe(lastDay);
  });
}

/** Tests every line against a maximum. */
export function mustGoBy(rule: string, lines: readonly GoldenLine[]): void {
  const citation = LAW.retentionRules.find((row) => row.code === rule)?.citation;
  it.each(lines)(`${rule} (${citation}): from %s may stay until %s (%s)`, (event, lastDay) => {
    expect(explain({ rule, event })).toMatchObject({ keepThrough: null, deleteBy: lastDay });
  });
}
