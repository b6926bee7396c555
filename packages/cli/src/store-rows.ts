import { ProblemError, chunkKey } from '@mnv/client';
import type { Chunk, Client, NewRecord, StoredRecord } from '@mnv/client';
import type { StoreWarning } from '@mnv/core';
import type { ColumnOrder } from './import-columns.ts';
import { isReject, recordFromRow } from './import-row.ts';
import type { CsvRow } from './read-csv.ts';
import type { ListedRow } from './row-list-file.ts';

/** What became of neighbouring rows of an import file. */
export type RowsOutcome = {
  rows: CsvRow[];
  stored: number;
  rejected: ListedRow[];
  /** Stored, but the number is held for another person too. */
  warned: ListedRow[];
  /** Stored, but not compared. */
  notCompared: number;
};

type Context = {
  client: Pick<Client, 'storeChunk'>;
  order: ColumnOrder;
  verifiedBy: string;
  importId: string;
  /** Rows before the first chunk of this run. */
  resumedAt: number;
};

/** Stores the rows that are well-formed and lists the others, with those the service refuses, by their lines. */
export async function storeRows(
  { start, items: rows }: Chunk<CsvRow>,
  { client, order, verifiedBy, importId, resumedAt }: Context,
): Promise<RowsOutcome> {
  const rejected: ListedRow[] = [];
  const records: { record: NewRecord; line: number }[] = [];
  for (const { cells, line } of rows) {
    const record = recordFromRow(order, cells, verifiedBy);
    if (isReject(record)) rejected.push({ line, ...record });
    else records.push({ record, line });
  }
  const sent = records.map(({ record }) => record);
  // The key names the place in the file, not the run: the same rows have the same key after a restart.
  const key = chunkKey(importId, resumedAt + start + 1);
  const results = sent.length === 0 ? [] : await client.storeChunk(sent, key);
  const lineAt = (at: number) => records[at]?.line ?? 0;
  const refused = results.flatMap((result, at) => refusalOf(result, lineAt(at)));
  return {
    rows,
    stored: records.length - refused.length,
    rejected: [...rejected, ...refused].toSorted((a, b) => a.line - b.line),
    warned: results.flatMap((result, at) => warningOf(result, lineAt(at))),
    notCompared: results.filter((result) => warns(result, 'duplicates-not-checked')).length,
  };
}

function warns(result: StoredRecord, warning: StoreWarning): boolean {
  return 'recordId' in result && result.warning === warning;
}

function warningOf(result: StoredRecord, line: number): ListedRow[] {
  const code = 'held-for-another-person';
  const reason =
    '別の人の番号として登録されている / the tenant holds this number for another person too';
  return warns(result, code) ? [{ line, code, reason }] : [];
}

function refusalOf(result: StoredRecord, line: number): ListedRow[] {
  if (!('problem' in result)) return [];
  const { code, detail } = new ProblemError(result.problem);
  return [{ line, code, reason: REASONS[code] ?? detail }];
}

/** In the words of whoever has to mend the file. */
const REASONS: Record<string, string> = {
  'record-exists':
    '同じ individualRef・subject の記録がすでにある / this individualRef and subject have a record already',
};
