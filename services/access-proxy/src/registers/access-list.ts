import { dayAfter } from '@mnv/bango-ho';

/** Two legal days, both whole. */
export type Days = { from: string; to: string };

/** One assignment of an operator to a tenant, and the training that it needs. */
export type AccessListEntry = {
  subject: string;
  name: string;
  purposes: string[];
  from: string;
  /** Null while no end is set. */
  to: string | null;
  /** When it was written down; an assignment gives nothing before. */
  addedAt: string;
  addedBy: string;
  trainings: { course: string; completedOn: string; expiresOn: string }[];
  /** The days on which both held: when the person could handle numbers for these purposes. */
  held: Days[];
};

export type FindAccessList = (tenantId: string, days: Days) => Promise<AccessListEntry[]>;

/** Days on which an assignment is current and some training valid, as policy decides it; the oldest first. */
export function heldDays({
  from,
  to,
  trainings,
}: Pick<AccessListEntry, 'from' | 'to' | 'trainings'>): Days[] {
  const both = trainings
    .map(({ completedOn, expiresOn }) => ({
      from: completedOn > from ? completedOn : from,
      to: to !== null && to < expiresOn ? to : expiresOn,
    }))
    .filter((days) => days.from <= days.to)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const held: Days[] = [];
  for (const days of both) {
    const last = held.at(-1);
    if (last === undefined || days.from > dayAfter(last.to)) held.push(days);
    else if (days.to > last.to) held.splice(-1, 1, { from: last.from, to: days.to });
  }
  return held;
}
