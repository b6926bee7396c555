import { Refusal } from '@mnv/core';
import type { ServiceAct } from '@mnv/protocol';
import type { ServiceClient } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';

const DEADLINE_MS = 1_800;

/** Has acts of people written down by the access proxy. Resolves once they are durable; throws Refusal. */
export type WriteEntries = (tenantId: string, entries: readonly ServiceAct[]) => Promise<void>;

export function makeWriteEntries(proxy: Pick<ServiceClient, 'json'>): WriteEntries {
  return async (tenantId, entries) => {
    const call = { deadlineMs: DEADLINE_MS };
    const answer = await proxy.json('/internal/entries', { tenantId, entries }, call);
    if (answer.status !== 201)
      throw new Refusal(
        problemCodeOf(answer.body) ?? 'log-unavailable',
        'The access log did not take the entry. Nothing was done.',
      );
  };
}

/** Has it written down that a certificate came without a valid token. Throws Refusal. */
export function makeNoteFailedAttempt(proxy: Pick<ServiceClient, 'json'>) {
  return async (attempt: { x5t: string; code: string }): Promise<void> => {
    const call = { deadlineMs: DEADLINE_MS };
    const answer = await proxy.json('/internal/failed-attempts', attempt, call);
    if (answer.status !== 201)
      throw new Refusal(problemCodeOf(answer.body) ?? 'log-unavailable', 'Try again later.');
  };
}
