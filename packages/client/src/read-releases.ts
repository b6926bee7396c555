import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';

/** What the vault itself remembers of one released request; `entries` as they stand in the log, base64. */
export type RememberedRelease = {
  /** UTC day of the signed request. */
  day: string;
  rid: string;
  /** Origin of the log. */
  log: string;
  /** Index of the first entry. */
  first: number;
  entries: string[];
  at: string;
};

/** Every release row of the tenant, in order of day and request (scope `log:read`); one view for the whole. */
export async function* readReleases(context: JsonContext): AsyncGenerator<RememberedRelease> {
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `?cursor=${cursor}`;
    const path = `/v1/tenants/${context.tenant}/releases${query}`;
    const page = (await jsonCall(context, { method: 'GET', path })) as {
      releases?: unknown;
      next?: unknown;
    } | null;
    if (!Array.isArray(page?.releases)) throw new TransportError('answer-invalid', 'RELEASES');
    yield* page.releases as RememberedRelease[];
    cursor = typeof page.next === 'string' ? page.next : undefined;
  } while (cursor !== undefined);
}
