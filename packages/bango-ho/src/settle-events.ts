import { LawError } from './law-error.ts';
import type { LegalDay } from './legal-day.ts';
import { isLegalDay } from './legal-day.ts';
import type { Correction, RecordEvent, RecordFact } from './record-event.ts';

/**
 * The facts that stand on a day, from what was known then: events told twice count once, corrected ones
 * give way. The result does not depend on the order of the events. LawError `events-contradict` where
 * one id has two contents, `day-invalid` for a day that does not exist.
 */
export function settleEvents(events: readonly RecordEvent[], asOf: LegalDay): RecordFact[] {
  events.forEach(requireDays);
  const known = distinct(events.filter(({ recordedOn }) => recordedOn <= asOf));
  const corrections = known.filter((event) => event.kind === 'corrected');
  const facts = known.filter((event) => event.kind !== 'corrected');
  const standing =
    corrections.length === 0 ? facts : facts.flatMap((fact) => standingOf(fact, corrections));
  return standing.toSorted(byDay);
}

function standingOf(fact: RecordFact, corrections: readonly Correction[]): RecordFact[] {
  const latest = latestValid(fact.id, corrections);
  if (latest === undefined) return [fact];
  return latest.instead === null ? [] : [latest.instead];
}

/**
 * The last of the corrections of an event that are not themselves taken back. Every correction has one
 * target, so whatever leads to a fact is a tree: the search ends.
 */
function latestValid(id: string, corrections: readonly Correction[]): Correction | undefined {
  return corrections
    .filter(({ corrects }) => corrects === id)
    .map((one) => replaced(one, corrections))
    .filter((one) => one !== undefined)
    .toSorted(byTelling)
    .at(-1);
}

/** A correction as corrected: taken back, or with other contents. */
function replaced(one: Correction, corrections: readonly Correction[]): Correction | undefined {
  const later = latestValid(one.id, corrections);
  if (later === undefined) return one;
  return later.instead === null ? undefined : { ...one, instead: later.instead };
}

function distinct(events: readonly RecordEvent[]): readonly RecordEvent[] {
  // Nearly every history tells each event once.
  if (new Set(events.map(({ id }) => id)).size === events.length) return events;
  return [...Map.groupBy(events, ({ id }) => id).values()].flatMap(([first, ...again]) => {
    if (first === undefined) return [];
    const same = again.every((event) => textOf(event) === textOf(first));
    if (!same) throw new LawError('events-contradict', ['one event id has two contents']);
    return [first];
  });
}

/** The same text for the same contents, whatever the order of the members. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function requireDays(event: RecordEvent): void {
  const fact = event.kind === 'corrected' ? event.instead : event;
  const days = fact === null ? [] : [fact.recordedOn, fact.on, ...furtherDays(fact)];
  if (![event.recordedOn, ...days].every(isLegalDay)) {
    throw new LawError('day-invalid', ['an event has a day that does not exist']);
  }
}

function furtherDays(fact: RecordFact): LegalDay[] {
  const deadline = 'deadline' in fact ? fact.deadline : undefined;
  const completedOn = 'completedOn' in fact ? fact.completedOn : undefined;
  return [deadline, completedOn].filter((day) => day !== undefined);
}

function byTelling(one: Correction, other: Correction): number {
  const [a, b] = [`${one.recordedOn} ${one.id}`, `${other.recordedOn} ${other.id}`];
  return a < b ? -1 : 1;
}

function byDay(one: RecordFact, other: RecordFact): number {
  if (one.on !== other.on) return one.on < other.on ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
