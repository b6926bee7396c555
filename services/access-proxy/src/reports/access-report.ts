import type { IndexedEntry } from '../log/read-entries.ts';

/** One line of an access report: who, on whose behalf, what, why, when and with what result. */
export type AccessReportRow = {
  at: string;
  kind: string;
  who: string;
  onBehalf: string;
  operation: string;
  purpose: string;
  case: string;
  record: string;
  result: string;
  count: number;
  requestId: string;
  index: number;
};

export function toRow({ index, entry }: IndexedEntry): AccessReportRow {
  return {
    at: new Date(entry.t).toISOString(),
    kind: entry.k,
    who: entry.sub,
    onBehalf: entry.act,
    operation: entry.op,
    purpose: entry.pur,
    case: entry.case,
    record: entry.rec,
    result: entry.dec,
    count: entry.cnt,
    requestId: entry.rid,
    index,
  };
}

export type AccessReportSummary = {
  entries: number;
  /** Numbers a release was recorded for, and of these how many were confirmed delivered. */
  intents: number;
  delivered: number;
  /** Requests with an intent and no outcome on this page: their numbers may have been released. */
  withoutOutcome: number;
  refused: Record<string, number>;
  acts: Record<string, number>;
};

/** Counts over the entries of one page. */
export function summarise(entries: IndexedEntry[]): AccessReportSummary {
  const summary: AccessReportSummary = {
    entries: entries.length,
    intents: 0,
    delivered: 0,
    withoutOutcome: 0,
    refused: {},
    acts: {},
  };
  const open = new Set<string>();
  for (const { entry } of entries) {
    if (entry.k === 'intent') {
      summary.intents += 1;
      open.add(entry.rid);
    }
    if (entry.k === 'outcome') open.delete(entry.rid);
    if (entry.k === 'outcome' && entry.dec === 'delivered') summary.delivered += entry.cnt;
    if (entry.dec.startsWith('deny:')) count(summary.refused, entry.dec.slice('deny:'.length));
    if (entry.k === 'act') count(summary.acts, entry.op);
  }
  return { ...summary, withoutOutcome: open.size };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
