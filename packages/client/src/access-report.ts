import type { AccessEntry, EntryKind } from '@mnv/protocol';
import type { JsonContext } from './json-call.ts';
import { jsonCall } from './json-call.ts';
import type { AccessReportSummary } from './summarise-accesses.ts';
import { summariseAccesses } from './summarise-accesses.ts';
import { TransportError } from './transport-error.ts';

/** From and to: RFC 3339 instants (the end left out), or legal days `YYYY-MM-DD` in Asia/Tokyo (the last one whole). */
export type Period = { from: string; to: string };

/** One line of the access report: who, through which client, what, why, on which occasion, when, with what result. */
export type AccessReportRow = {
  at: string;
  kind: EntryKind;
  who: string;
  onBehalf: string;
  operation: string;
  purpose: string;
  case: string;
  record: string;
  /** `allow`, `deny:<problem code>`; of outcomes `delivered`, `failed` or `unknown`. */
  result: string;
  count: number;
  requestId: string;
  index: number;
};

export type AccessReport = { summary: AccessReportSummary; rows: AccessReportRow[] };

export type IndexedEntry = AccessEntry & { index: number };

const ROWS_A_PAGE = 5_000;

/** The whole report of a period (scope `report:read`). Each page that is read leaves an entry of its own. */
export async function reportAccess(context: JsonContext, period: Period): Promise<AccessReport> {
  const path = `/v1/tenants/${context.tenant}/reports/access`;
  const rows: AccessReportRow[] = [];
  const asked = { ...period, limit: ROWS_A_PAGE };
  for await (const page of pagesOf(context, path, asked)) {
    if (!Array.isArray(page.rows)) throw new TransportError('answer-invalid', 'REPORT');
    rows.push(...(page.rows as AccessReportRow[]));
  }
  return { summary: summariseAccesses(rows), rows };
}

/** The entries themselves, page by page (scope `report:read`). */
export async function* accessEntries(
  context: JsonContext,
  period: Partial<Period> & { limit?: number },
): AsyncGenerator<IndexedEntry> {
  const path = `/v1/tenants/${context.tenant}/access-entries`;
  for await (const page of pagesOf(context, path, period)) {
    if (!Array.isArray(page.entries)) throw new TransportError('answer-invalid', 'ENTRIES');
    yield* page.entries as IndexedEntry[];
  }
}

type Page = { rows?: unknown; entries?: unknown; next?: unknown };

async function* pagesOf(
  context: JsonContext,
  path: string,
  members: Record<string, string | number>,
): AsyncGenerator<Page> {
  let cursor: string | undefined;
  do {
    const query = queryOf({ ...members, cursor });
    const page = (await jsonCall(context, {
      method: 'GET',
      path: `${path}${query}`,
    })) as Page | null;
    yield page ?? {};
    cursor = typeof page?.next === 'string' ? page.next : undefined;
  } while (cursor !== undefined);
}

function queryOf(members: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
