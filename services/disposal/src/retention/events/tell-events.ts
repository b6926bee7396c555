import type { LegalDay, RecordEvent, RecordFact } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { TrackedRecord } from '../tracked-record.ts';
import { whyImpossible } from './impossible.ts';
import { requireAgreement } from './require-agreement.ts';
import { sameContent } from './same-content.ts';
import type { ToldEvent, ToldFact, Whose } from './told-event.ts';

/** `known`: it was told before, with the same contents. */
export type Outcome = 'recorded' | 'known' | Refusal;

/** An event as it is kept. */
export type KeptEvent = { event: RecordEvent; recordId: string | null };

/** One transaction in which nobody else tells anything of the same records. */
export type EventStep = {
  /** Finds the records that events concern, and locks them. Keys as {@link whoseKey}. */
  lockRecords(whose: readonly Whose[]): Promise<ReadonlyMap<string, TrackedRecord>>;
  findEvents(eventIds: readonly string[]): Promise<KeptEvent[]>;
  /** Everything that was told of these records, and of the tenant as a whole. */
  findEventsOf(recordIds: readonly string[]): Promise<KeptEvent[]>;
  insertEvents(events: readonly KeptEvent[]): Promise<void>;
  enqueueRecords(recordIds: readonly string[]): Promise<void>;
  enqueueTenant(): Promise<void>;
};

/**
 * Takes events over, each by itself: what is refused stops no other. Corrections are looked at after the facts
 * of the same call, so that the order within it does not matter.
 */
export async function tellEvents(
  step: EventStep,
  told: readonly ToldEvent[],
  today: LegalDay,
): Promise<Outcome[]> {
  const world = await readWorld(step, told);
  const outcomes = new Map<ToldEvent, Outcome>();
  const accepted: KeptEvent[] = [];
  const ordered = [...told].sort((a, b) => Number(isCorrection(a)) - Number(isCorrection(b)));
  for (const one of ordered) {
    const outcome = judge(one, world, today);
    if ('event' in outcome) {
      accepted.push(outcome);
      remember(world, outcome);
      outcomes.set(one, 'recorded');
    } else outcomes.set(one, outcome.answer);
  }
  await write(step, accepted);
  return told.map((one) => outcomes.get(one) ?? 'known');
}

/** The key under which a record is looked for. */
export function whoseKey(whose: Whose): string {
  return 'recordId' in whose ? whose.recordId : `${whose.subject} ${whose.individualRef}`;
}

type World = {
  records: ReadonlyMap<string, TrackedRecord>;
  byId: Map<string, KeptEvent>;
  ofRecord: Map<string, RecordEvent[]>;
};

async function readWorld(step: EventStep, told: readonly ToldEvent[]): Promise<World> {
  const ids = told.flatMap((one) =>
    one.kind === 'correction' ? [one.id, one.corrects] : [one.id],
  );
  const byId = new Map((await step.findEvents(ids)).map((kept) => [kept.event.id, kept]));
  const named = told.flatMap((one) => one.whose ?? []);
  const corrected = [...byId.values()].flatMap(({ recordId }) => (recordId ? [{ recordId }] : []));
  const records = await step.lockRecords([...named, ...corrected]);
  const recordIds = [...new Set([...records.values()].map(({ recordId }) => recordId))];
  const ofRecord = new Map<string, RecordEvent[]>();
  const world = { records, byId, ofRecord };
  for (const kept of await step.findEventsOf(recordIds)) remember(world, kept);
  // Read again under the lock: a repeat may have been written while this call waited for it.
  for (const kept of await step.findEvents(ids)) byId.set(kept.event.id, kept);
  return world;
}

function remember({ byId, ofRecord }: World, kept: KeptEvent): void {
  byId.set(kept.event.id, kept);
  if (kept.recordId === null) return;
  const events = ofRecord.get(kept.recordId) ?? [];
  events.push(kept.event);
  ofRecord.set(kept.recordId, events);
}

type Judgement = KeptEvent | { answer: 'known' | Refusal };

function judge(told: ToldEvent, world: World, today: LegalDay): Judgement {
  try {
    const target = told.kind === 'correction' ? requireTarget(told.corrects, world) : undefined;
    const record = target ? requireSame(told, target, world) : recordOf(told, world);
    const kept = keptOf(told, record, today);
    const before = world.byId.get(told.id);
    if (before !== undefined) return { answer: repeatOf(kept, before) };
    requireAlive(record);
    requirePossible(told, record, today);
    if (record) requireAgreement(record, kept.event, world.ofRecord.get(record.recordId) ?? []);
    return kept;
  } catch (error) {
    if (error instanceof Refusal) return { answer: error };
    throw error;
  }
}

function requireTarget(eventId: string, { byId }: World): KeptEvent {
  const target = byId.get(eventId);
  if (target === undefined) throw new Refusal('event-unknown', 'corrects: no such event was told.');
  return target;
}

/** The record of a correction is that of the event it corrects. */
function requireSame(
  { whose }: ToldEvent,
  { recordId }: KeptEvent,
  { records }: World,
): TrackedRecord | undefined {
  if (whose && records.get(whoseKey(whose))?.recordId !== recordId)
    throw new Refusal('event-contradicts', 'corrects: that event is of another record.');
  return recordId === null ? undefined : records.get(recordId);
}

function recordOf({ whose }: ToldEvent, { records }: World): TrackedRecord | undefined {
  if (whose === undefined) return undefined;
  const record = records.get(whoseKey(whose));
  if (record === undefined) throw new Refusal('record-not-found', 'The tenant has no such record.');
  return record;
}

function requireAlive(record: TrackedRecord | undefined): void {
  if (record?.state === 'erased')
    throw new Refusal('already-disposed', 'The number was disposed of; store it anew.');
}

function requirePossible(
  told: ToldEvent,
  record: TrackedRecord | undefined,
  today: LegalDay,
): void {
  const fact = told.kind === 'fact' ? told.fact : told.instead;
  if (fact === null) return;
  const why = whyImpossible(fact, record, today);
  if (why !== undefined) throw new Refusal('event-impossible', `Mend ${why}.`);
}

/** What is compared is what was told: the day it became known is that of the first time. */
function repeatOf(kept: KeptEvent, before: KeptEvent): 'known' | Refusal {
  const same = kept.recordId === before.recordId && sameContent(kept.event, before.event);
  return same
    ? 'known'
    : new Refusal('event-differs', 'id: it was told before with other contents.');
}

function keptOf(told: ToldEvent, record: TrackedRecord | undefined, today: LegalDay): KeptEvent {
  const note = { id: told.id, recordedOn: today };
  const recordId = record?.recordId ?? null;
  if (told.kind === 'fact') return { recordId, event: asFact(told.fact, note) };
  const { corrects, instead } = told;
  const replacement = instead && asFact(instead, { id: corrects, recordedOn: today });
  return { recordId, event: { ...note, kind: 'corrected', corrects, instead: replacement } };
}

function asFact(fact: ToldFact, note: { id: string; recordedOn: LegalDay }): RecordFact {
  const known = Object.entries(fact).filter(([, value]) => value !== undefined);
  return { ...note, ...Object.fromEntries(known) } as RecordFact;
}

function isCorrection({ kind }: ToldEvent): boolean {
  return kind === 'correction';
}

async function write(step: EventStep, accepted: readonly KeptEvent[]): Promise<void> {
  if (accepted.length === 0) return;
  await step.insertEvents(accepted);
  const recordIds = accepted.flatMap(({ recordId }) => recordId ?? []);
  await step.enqueueRecords([...new Set(recordIds)]);
  if (accepted.some(({ recordId }) => recordId === null)) await step.enqueueTenant();
}
