import { Refusal } from '@mnv/core';
import type { Caller, ServiceClient } from '@mnv/service-kit';
import { problemCodeOf } from '@mnv/service-kit';

const DEADLINE_MS = 1_500;

export type ReleaseCursor = { day: string; rid: string };

/** A page of the vault's release rows as it answered them, behind a cursor. Throws Refusal. */
export type ReadReleases = (
  caller: Caller,
  after: ReleaseCursor | undefined,
) => Promise<{ releases: unknown[]; next?: ReleaseCursor }>;

/** Asks the vault, which verifies the person's right to the log itself. */
export function makeReadReleases(vault: Pick<ServiceClient, 'json'>): ReadReleases {
  return async ({ token, tokenText, certificate }, after) => {
    const body = {
      token: tokenText,
      certificate: certificate.toString('base64'),
      tenantId: token.tenant,
      ...(after && { after }),
    };
    const call = { deadlineMs: DEADLINE_MS };
    const answer = await vault.json('/internal/releases/read', body, call);
    if (answer.status === 200) return answer.body as Awaited<ReturnType<ReadReleases>>;
    const code = problemCodeOf(answer.body);
    throw new Refusal(code ?? 'vault-unavailable', 'The vault did not answer.');
  };
}
