import { table } from '@mnv/cli';
import type { AccessReportRow } from '@mnv/client';
import type { Endpoints } from '../system/endpoints.ts';
import type { RunReport } from './run-report.ts';

/** The access report in short: who did what, why, with what result, and how often. */
export function reportSummaryTable({ people }: Endpoints, { report }: RunReport): string {
  const nameOf = namesOf(people);
  const groups = new Map<string, { cells: string[]; entries: number; numbers: number }>();
  for (const row of report.rows) {
    const cells = [nameOf(row.who), row.operation, row.purpose || '-', row.kind, row.result];
    const key = cells.join('\t');
    const group = groups.get(key) ?? { cells, entries: 0, numbers: 0 };
    groups.set(key, {
      cells,
      entries: group.entries + 1,
      numbers: group.numbers + row.count,
    });
  }
  const heads = [
    '担当者 / who',
    '操作 / what',
    '事務 / purpose',
    '記録 / entry',
    '結果 / result',
    '記録数 / entries',
    '件数 / count',
  ];
  const rows = [...groups.values()].map(({ cells, entries, numbers }) => [
    ...cells,
    String(entries),
    String(numbers),
  ]);
  return table(heads, rows);
}

/** The log's entry of each read that was refused. */
export function refusalsTable({ people }: Endpoints, { refusals }: RunReport): string {
  const nameOf = namesOf(people);
  const heads = [
    '試み / attempt',
    '記録番号 / index',
    '日時 / when (UTC)',
    '担当者 / who',
    '事務 / purpose',
    '記録 / record',
    '結果 / result',
  ];
  const rows = [...refusals].map(([kind, row]: [string, AccessReportRow]) => [
    kind,
    String(row.index),
    row.at,
    nameOf(row.who),
    row.purpose,
    row.record,
    row.result,
  ]);
  return table(heads, rows);
}

function namesOf(people: Endpoints['people']): (subject: string) => string {
  const names = new Map(people.map(({ sub, name }) => [sub, name]));
  return (subject) => names.get(subject) ?? subject;
}
