import type { TrackedRow } from '../tracked-record.repository.ts';
import { recordOf } from '../tracked-record.repository.ts';
import type { TrackedRecord } from '../tracked-record.ts';
import { whoseKey } from './tell-events.ts';

/**
 * The record that events of an individual concern, by each key they may be told under. Records that held the
 * individual's number one after the other are one matter: what is told of any of them is kept with the first, by
 * its id, while any of them stands. Of several matters the living one counts; where none lives, the last.
 */
export function individualsByKey(rows: readonly TrackedRow[]): Map<string, TrackedRecord> {
  const records = new Map<string, TrackedRecord>();
  const matters = [...Map.groupBy(rows, firstOf).values()].map(inOrder).toSorted(byLast);
  for (const held of matters) {
    const current = held.at(-1);
    if (current === undefined) continue;
    const { state } = held.findLast((row) => row.state !== 'erased') ?? current;
    const record = { ...recordOf(current), recordId: firstOf(current), state };
    const { subject, individualRef } = record;
    const ids = [...held.map((row) => row.record_id), record.recordId];
    for (const key of [...ids, whoseKey({ subject, individualRef })]) records.set(key, record);
  }
  return records;
}

function firstOf(row: TrackedRow): string {
  return row.first_record_id ?? row.record_id;
}

/** The one in use last. */
function inOrder(held: readonly TrackedRow[]): TrackedRow[] {
  return held.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}

function byLast(one: readonly TrackedRow[], other: readonly TrackedRow[]): number {
  return rankOf(one.at(-1)) < rankOf(other.at(-1)) ? -1 : 1;
}

function rankOf(row: TrackedRow | undefined): string {
  if (row === undefined) return '';
  const inUse = row.superseded_by === null ? 1 : 0;
  return `${inUse} ${row.state === 'erased' ? 0 : 1} ${row.stored_on}`;
}
