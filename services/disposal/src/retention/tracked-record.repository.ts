import { sql } from 'kysely';
import type { TrackedRecord } from './tracked-record.ts';

type Superseded = NonNullable<TrackedRecord['superseded']>;

export type TrackedRow = {
  record_id: string;
  subject: TrackedRecord['subject'];
  individual_ref: string;
  related_ref: string | null;
  purposes: string[];
  stored_on: string;
  state: TrackedRecord['state'];
  first_record_id: string | null;
  number_from: string | null;
  superseded_by: string | null;
  superseded_as: Superseded['reason'] | null;
  superseded_from: string | null;
  superseded_on: string | null;
};

/** The columns of {@link TrackedRow}. */
export const TRACKED = sql`record_id, subject, individual_ref, related_ref, purposes, stored_on::text, state,
  first_record_id, number_from::text, superseded_by, superseded_as, superseded_from::text, superseded_on::text`;

export function recordOf(row: TrackedRow): TrackedRecord {
  return {
    recordId: row.record_id,
    subject: row.subject,
    individualRef: row.individual_ref,
    relatedRef: row.related_ref,
    purposes: row.purposes,
    storedOn: row.stored_on,
    state: row.state,
    ...(row.number_from !== null && { numberFrom: row.number_from }),
    ...supersededOf(row),
  };
}

function supersededOf(row: TrackedRow): { superseded?: Superseded } {
  const { superseded_by: by, superseded_as: reason, superseded_from: from } = row;
  const { superseded_on: on } = row;
  return by !== null && reason !== null && from !== null && on !== null
    ? { superseded: { by, reason, from, on } }
    : {};
}
