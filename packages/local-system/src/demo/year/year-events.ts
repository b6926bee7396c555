import type { Client, RetentionEvent } from '@mnv/client';
import { COLLECTED_FOR, type CompanyPerson } from '../company.ts';

const BEGINS = {
  E: 'hired',
  D: 'dependant-began',
  S3: 'dependant-began',
  P: 'payee-contract-began',
} as const;

type Whose = Pick<CompanyPerson, 'individualRef' | 'subject'>;

/** That the relation to each of these began. */
export function beginnings(people: readonly Whose[], on: string): RetentionEvent[] {
  return people.map((person) => event(person, { kind: BEGINS[person.subject], on }));
}

/** A declaration of each employee with its deadline: a paper with a clock of its own. */
export function declarations(people: readonly Whose[], on: string): RetentionEvent[] {
  return people
    .filter(({ subject }) => subject === 'E')
    .map((person) =>
      event(person, {
        kind: 'document-submitted',
        on,
        document: 'fuyo',
        reference: `fuyo ${on.slice(0, 4)}`,
        deadline: on,
      }),
    );
}

/** That a relation ended, and with it every purpose the number was held for. */
export function endings(
  people: readonly Whose[],
  kind: 'left' | 'dependant-ended' | 'payee-contract-ended',
  on: string,
): RetentionEvent[] {
  return people.flatMap((person) => [event(person, { kind, on }), ...purposesEnded(person, on)]);
}

/** The purposes of a family that leaves with the employee. */
export function familiesEnd(people: readonly Whose[], on: string): RetentionEvent[] {
  return people.flatMap((person) => purposesEnded(person, on));
}

function purposesEnded(person: Whose, on: string): RetentionEvent[] {
  return COLLECTED_FOR[person.subject].map((purpose) =>
    event(person, { kind: 'purpose-ended', on, purpose }),
  );
}

function event(
  { individualRef, subject }: Whose,
  fact: { kind: string; on: string; purpose?: string } & Record<string, string | undefined>,
): RetentionEvent {
  const id = [individualRef, fact.kind, fact.purpose ?? '', fact.on].filter(Boolean).join('.');
  return { id, individualRef, subject, ...fact };
}

/** Tells events; throws where one was not taken. Resolves with how many there were. */
export async function tell(
  { retention }: Client,
  events: readonly RetentionEvent[],
): Promise<number> {
  for await (const told of retention.tell(events))
    if ('problem' in told) throw new Error(`an event was refused: ${told.problem.title}`);
  return events.length;
}
