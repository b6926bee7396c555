import type { Law, LegalDay, RecordEvent, RecordFact, RecordHistory } from '@mnv/bango-ho';
import { settleEvents } from '@mnv/bango-ho';
import type { TrackedRecord } from '../tracked-record.ts';
import { isDependant } from '../tracked-record.ts';

/** A record, and all that was told which concerns it: of itself, or of the employee it belongs to. */
export type KnownRecord = {
  record: TrackedRecord;
  own: readonly RecordEvent[];
  ofOwner: readonly RecordEvent[];
};

/** What else a life hangs on: events of the tenant as a whole, its decision about the book, the day asked about. */
export type Surroundings = {
  ofTenant: readonly RecordEvent[];
  usesBook: RecordHistory['usesBook'];
  asOf: LegalDay;
  /** Says whom the book holds. */
  book: Law['book'];
};

const OWNER_ENDS = new Set<RecordFact['kind']>(['left', 'died']);
const OWNER_BEGINS = new Set<RecordFact['kind']>(['hired', 're-hired']);

/**
 * The history by which a record lives, as known on a day. A dependant’s goes with the employee’s: whoever
 * leaves, leaves with the dependants; a procedure that ended for the employee ended for them; the book that
 * stands in for a declaration holds them too.
 */
export function historyOf(
  known: Pick<KnownRecord, 'own' | 'ofOwner'> & { record: HistoricRecord },
  { ofTenant, usesBook, asOf, book }: Surroundings,
): RecordHistory {
  const { subject, purposes } = known.record;
  const direct = ofTenant.length === 0 ? known.own : [...known.own, ...ofTenant];
  const events = isDependant(known.record) ? [...direct, ...inherited(known, asOf, book)] : direct;
  return { subject, purposes, usesBook, events, ...holdingOf(known.record, asOf) };
}

/** For which time the number holds, as known on a day. */
function holdingOf(
  { numberFrom, superseded }: HistoricRecord,
  asOf: LegalDay,
): Pick<RecordHistory, 'numberFrom' | 'superseded'> {
  const isKnown = superseded !== undefined && superseded.on <= asOf;
  return { ...(numberFrom !== undefined && { numberFrom }), ...(isKnown && { superseded }) };
}

type HistoricRecord = Pick<TrackedRecord, 'subject' | 'purposes' | 'numberFrom' | 'superseded'>;

function inherited(
  { record, own, ofOwner }: Pick<KnownRecord, 'own' | 'ofOwner'> & { record: HistoricRecord },
  asOf: LegalDay,
  book: Law['book'],
): RecordFact[] {
  if (ofOwner.length === 0) return [];
  const over = dependenceEndedOn(settleEvents(own, asOf));
  return settleEvents(ofOwner, asOf).filter((fact) => {
    // A return of the employee brings nobody back who was no dependant any more.
    if (OWNER_BEGINS.has(fact.kind)) return over === undefined || fact.on <= over;
    if (fact.kind === 'number-omitted') return book.subjects.includes(record.subject);
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
