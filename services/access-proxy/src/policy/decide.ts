import type { ProblemCode } from '@mnv/core';
import { findPurpose } from '@mnv/bango-ho';

/** Bumped with every change of {@link decide}; stands in every entry, so that a decision can be judged later. */
export const POLICY_VERSION = 'p1';

/** What the registers say of a person, for one tenant. Days are legal days. */
export type RegisteredPerson = {
  assignments: { purposes: string[]; startsOn: string; endsOn: string | undefined }[];
  trainings: { completedOn: string; expiresOn: string }[];
};

export type PolicyRequest = {
  operation: 'disclose' | 'store' | 'find' | 'read';
  /** Present where the operation exercises a purpose. */
  purpose: string | undefined;
  /** Legal day in Asia/Tokyo. */
  today: string;
};

export type Decision = { allow: true } | { allow: false; code: ProblemCode };

/**
 * Decides what concerns the person: assigned to this tenant's work today, trained, and exercising a purpose
 * of the closed list that the assignment names, in its season (別添1 C-a, D-b; 番号法9条). What concerns the
 * record is decided by the vault. Pure: the registers and the day are given.
 */
export function decide(person: RegisteredPerson, request: PolicyRequest): Decision {
  const { purpose, today } = request;
  const current = person.assignments.filter(
    (one) => one.startsOn <= today && (one.endsOn === undefined || today <= one.endsOn),
  );
  if (current.length === 0) return deny('assignment-missing');
  if (!person.trainings.some((one) => one.completedOn <= today && today <= one.expiresOn)) {
    return deny('training-expired');
  }
  if (purpose === undefined) return { allow: true };
  return decidePurpose(
    purpose,
    current.flatMap((one) => one.purposes),
    request,
  );
}

function decidePurpose(
  code: string,
  assigned: string[],
  { operation, today }: PolicyRequest,
): Decision {
  const purpose = findPurpose(code);
  // A tenant may narrow the list, never widen it; what is off by default stays off until that exists.
  if (!purpose?.enabledByDefault) return deny('purpose-unknown');
  if (!purpose.operations.some((one) => one === operation)) return deny('purpose-not-permitted');
  if (!assigned.includes(code)) return deny('purpose-not-permitted');
  if (purpose.season && !inSeason(purpose.season, today.slice(5))) return deny('out-of-season');
  return { allow: true };
}

/** A season may run over the turn of the year. Days are `MM-DD`. */
function inSeason({ from, to }: { from: string; to: string }, day: string): boolean {
  return from <= to ? from <= day && day <= to : day >= from || day <= to;
}

function deny(code: ProblemCode): Decision {
  return { allow: false, code };
}
