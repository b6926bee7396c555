import type { AccessReportRow } from '@mnv/client';

/** What a reader is told of a release whose end the log does not record. */
export const NO_OUTCOME = 'no-outcome';

/**
 * The rows of a report as somebody reads them: each release together with how it ended, which the log records
 * later and apart. An outcome whose release is not in the period stays a row of its own.
 */
export function accessesOf(rows: readonly AccessReportRow[]): AccessReportRow[] {
  const outcomes = new Map<string, string>();
  const released = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'outcome') outcomes.set(keyOf(row, row.record), row.result);
    if (row.kind === 'intent') released.add(row.requestId);
  }
  const endOf = (row: AccessReportRow) =>
    outcomes.get(keyOf(row, row.record)) ?? outcomes.get(keyOf(row, '')) ?? NO_OUTCOME;
  return rows
    .filter(({ kind, requestId }) => kind !== 'outcome' || !released.has(requestId))
    .map((row) => (row.kind === 'intent' ? { ...row, result: endOf(row) } : row));
}

/** An outcome is of one record, or (without a record) of all others of its request. */
function keyOf({ requestId }: AccessReportRow, record: string): string {
  return `${requestId} ${record}`;
}
