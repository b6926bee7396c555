import type { LegalDay, Supersession } from '@mnv/bango-ho';
import type { Subject } from '@mnv/core';

/** What disposal knows of a stored number: never the number. */
export type TrackedRecord = {
  recordId: string;
  subject: Subject;
  /** The tenant's own key of the person. */
  individualRef: string;
  /** Of a dependant or category-3 spouse: the employee it belongs to. */
  relatedRef: string | null;
  purposes: string[];
  storedOn: LegalDay;
  state: 'living' | 'frozen' | 'erased';
  /** Since which legal day its number holds; absent: since ever. */
  numberFrom?: LegalDay;
  /** Another record holds the number now. */
  superseded?: Supersession & {
    by: string;
    /** Legal day on which it became known. */
    on: LegalDay;
  };
};

/** Whether a record stands beside an employee’s: it goes when the employee’s ground goes. */
export function isDependant({ subject }: Pick<TrackedRecord, 'subject'>): boolean {
  return subject === 'D' || subject === 'S3';
}
