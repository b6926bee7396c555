import type { RecordEvent } from '@mnv/bango-ho';

/** Whether two events say the same, whatever the order of their members and the days they were told on. */
export function sameContent(one: RecordEvent, other: RecordEvent): boolean {
  return textOf(one) === textOf(other);
}

function textOf(event: RecordEvent): string {
  return JSON.stringify(event, (name, value: unknown) => {
    if (name === 'recordedOn') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
