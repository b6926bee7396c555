import type { LegalDay, RecordEvent, RecordFact, RecordHistory } from '@mnv/bango-ho';
import { LAW, settleEvents } from '@mnv/bango-ho';
import type { TrackedRecord } from '../tracked-record.ts';
import { isDependant } from '../tracked-record.ts';

/** All that was told which concerns one record. */
export type KnownEvents = {
  own: readonly RecordEvent[];
  /** Of the employee a dependant belongs to. */
  ofOwner: readonly RecordEvent[];
  /** Of the tenant as a whole. */
  ofTenant: readonly RecordEvent[];
};

/** A record, and all that was told which concerns it. */
export type KnownRecord = { record: TrackedRecord; events: KnownEvents };

const OWNER_ENDS = new Set<RecordFact['kind']>(['left', 'died']);
const OWNER_BEGINS = new Set<RecordFact['kind']>(['hired', 're-hired']);

/**
 * The history by which a record lives, as known on a day. A dependant’s goes with the employee’s: whoever
 * leaves, leaves with the dependants; a procedure that ended for the employee ended for them; the book that
 * stands in for a declaration holds them too.
 */
export function historyOf(
  record: Pick<TrackedRecord, 'subject' | 'purposes'>,
  events: KnownEvents,
  { usesBook, asOf }: { usesBook: RecordHistory['usesBook']; asOf: LegalDay },
): RecordHistory {
  const { subject, purposes } = record;
  const direct = [...events.own, ...events.ofTenant];
  const all = isDependant(record) ? [...direct, ...inherited(record, events, asOf)] : direct;
  return { subject, purposes, usesBook, events: all };
}

function inherited(
  record: Pick<TrackedRecord, 'subject' | 'purposes'>,
  { own, ofOwner }: KnownEvents,
  asOf: LegalDay,
): RecordFact[] {
  if (ofOwner.length === 0) return [];
  const over = dependenceEndedOn(settleEvents(own, asOf));
  return settleEvents(ofOwner, asOf).filter((fact) => {
    // A return of the employee brings nobody back who was no dependant any more.
    if (OWNER_BEGINS.has(fact.kind)) return over === undefined || fact.on <= over;
    if (fact.kind === 'number-omitted') return LAW.book.subjects.includes(record.subject);
    if (fact.kind === 'purpose-began' || fact.kind === 'purpose-ended')
      return record.purposes.includes(fact.purpose);
    return OWNER_ENDS.has(fact.kind);
  });
}

/** The last day of the dependence by the dependant’s own events; undefined while it goes on. */
function dependenceEndedOn(own: readonly RecordFact[]): LegalDay | undefined {
  const last = own.findLast(({ kind }) => kind === 'dependant-ended' || kind === 'died');
  const again = own.findLast(({ kind }) => kind === 'dependant-began');
  return last !== undefined && (again === undefined || again.on <= last.on) ? last.on : undefined;
}
