import type { RecordEvent, RecordFact, RecordHistory, RelationKind } from '@mnv/bango-ho';
import { lifeOfRecord } from '@mnv/bango-ho';

export const TODAY = '2099-12-31';
let told = 0;
export const note = (on: string) => ({ id: `event-${(told += 1)}`, recordedOn: on, on });
export const relation = (kind: RelationKind, on: string): RecordFact => ({ ...note(on), kind });
export const purposeEnds = (purpose: string, on: string): RecordFact => ({
  ...note(on),
  kind: 'purpose-ended',
  purpose,
});
export const omitted = (deadline: string): RecordFact => ({
  ...note(deadline),
  kind: 'number-omitted',
  deadline,
});

export const employee = (
  events: readonly RecordEvent[],
  usesBook: RecordHistory['usesBook'] = 'yes',
): RecordHistory => ({ subject: 'E', purposes: ['TAX-WITHHOLD', 'TAX-BOOK'], usesBook, events });
export const numberOf = (history: RecordHistory, asOf = TODAY) =>
  lifeOfRecord(history, asOf).number;
export const reasonsOf = (history: RecordHistory, asOf = TODAY) =>
  numberOf(history, asOf).blockedBy.map(({ reason }) => reason);

export const career = [
  relation('hired', '2020-04-01'),
  omitted('2025-01-23'),
  omitted('2026-01-23'),
  relation('left', '2026-03-31'),
  purposeEnds('TAX-WITHHOLD', '2027-01-31'),
];
