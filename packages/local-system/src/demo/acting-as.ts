import type { Client } from '@mnv/client';
import { clientFor } from '../system/client-for.ts';
import type { Endpoints } from '../system/endpoints.ts';
import { CLIENT } from './parts.ts';

/** Does work on a person's authority, through the payroll system, for a tenant. */
export async function actingAs<Result>(
  endpoints: Endpoints,
  actor: { person: string; tenant: string },
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = clientFor(endpoints, { ...actor, clientId: CLIENT });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The subject by which tokens and entries name a person. */
export function subjectOf({ people }: Endpoints, name: string): string {
  const person = people.find((one) => one.name === name);
  if (person === undefined) throw new Error(`the endpoints name no ${name}`);
  return person.sub;
}
