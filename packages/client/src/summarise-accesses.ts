import type { AccessReportRow } from './access-report.ts';

export type AccessReportSummary = {
  entries: number;
  /** Numbers whose release was recorded beforehand, and of these how many were confirmed delivered. */
  intents: number;
  delivered: number;
  /** Requests whose outcome does not stand in the period: their numbers may have been released. */
  withoutOutcome: number;
  /** Refusals by problem code, and other acts by operation. */
  refused: Record<string, number>;
  acts: Record<string, number>;
};

const DENIED = 'deny:';

/** Counts over all rows of a report. */
export function summariseAccesses(rows: readonly AccessReportRow[]): AccessReportSummary {
  const refused: Record<string, number> = {};
  const acts: Record<string, number> = {};
  const answered = new Set(rows.filter(({ kind }) => kind === 'outcome').map(requestOf));
  const intents = rows.filter(({ kind }) => kind === 'intent');
  const open = new Set(intents.map(requestOf).filter((requestId) => !answered.has(requestId)));
  let delivered = 0;
  for (const { kind, result, operation, count } of rows) {
    if (result.startsWith(DENIED)) add(refused, result.slice(DENIED.length));
    if (kind === 'act') add(acts, operation);
    if (kind === 'outcome' && result === 'delivered') delivered += count;
  }
  return {
    entries: rows.length,
    intents: intents.length,
    delivered,
    withoutOutcome: open.size,
    refused,
    acts,
  };
}

function requestOf({ requestId }: AccessReportRow): string {
  return requestId;
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
