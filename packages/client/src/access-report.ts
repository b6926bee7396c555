import type { AccessEntry } from '@mnv/protocol';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import { TransportError } from './transport-error.ts';

/** From (inclusive) and to: RFC 3339 instants, or legal days `YYYY-MM-DD` in Asia/Tokyo. */
export type Period = { from: string; to: string };

/** One line of the access report: who, for whom, what, why, on which occasion, when, with what result. */
export type AccessReportRow = {
  at: string;
  who: string;
  onBehalf: string;
  operation: string;
  purpose: string;
  case: string;
  record: string;
  result: string;
  requestId: string;
  index: number;
};

export type AccessReport = { summary: Record<string, unknown>; rows: AccessReportRow[] };

export type IndexedEntry = AccessEntry & { index: number };

/** The report of accesses for compliance officers (scope `report:read`). Reading it is itself an entry. */
export async function reportAccess(context: JsonContext, period: Period): Promise<AccessReport> {
  const query = new URLSearchParams(period).toString();
  const path = `/v1/tenants/${context.tenant}/reports/access?${query}`;
  const answer = (await jsonCall(context, { method: 'GET', path })) as Partial<AccessReport> | null;
  if (!Array.isArray(answer?.rows)) throw new TransportError('answer-invalid', 'REPORT');
  return { summary: answer.summary ?? {}, rows: answer.rows };
}

/** The entries themselves, page by page (scope `report:read`). */
export async function* accessEntries(
  context: JsonContext,
  period: Partial<Period> & { limit?: number },
): AsyncGenerator<IndexedEntry> {
  let cursor: string | undefined;
  do {
    const query = queryOf({ ...period, cursor });
    const path = `/v1/tenants/${context.tenant}/access-entries${query}`;
    const page = (await jsonCall(context, { method: 'GET', path })) as Page | null;
    if (!Array.isArray(page?.entries)) throw new TransportError('answer-invalid', 'ENTRIES');
    yield* page.entries;
    cursor = page.next;
  } while (cursor !== undefined);
}

type Page = { entries: IndexedEntry[]; next?: string };

function queryOf(members: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
