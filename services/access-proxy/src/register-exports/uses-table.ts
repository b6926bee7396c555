import type { Row, Table } from '@mnv/register-document';
import type { IndexedEntry } from '../log/read-entries.ts';
import { HANDLING } from './handling-operations.ts';

/** 別添1 C-b ①: 特定個人情報ファイルの利用・出力状況, refused uses too. */
export function usesTable(entries: AsyncIterable<IndexedEntry>): Table {
  return {
    columns: [
      { head: '日時', width: 92 },
      { head: '担当者', width: 96 },
      { head: 'システム', width: 58 },
      { head: '操作', width: 80 },
      { head: '利用目的', width: 86 },
      { head: '案件', width: 96 },
      { head: '記録ID', width: 96 },
      { head: '件数', width: 34, align: 'right' },
      { head: '結果', width: 80 },
      { head: '記録番号', width: 50, align: 'right' },
    ],
    rows: rowsOf(entries),
  };
}

async function* rowsOf(entries: AsyncIterable<IndexedEntry>): AsyncGenerator<Row> {
  for await (const { index, entry } of entries) {
    const words = HANDLING.get(entry.op);
    if (words === undefined || entry.k === 'outcome') continue;
    const at = new Date(entry.t).toISOString();
    const what = [
      at,
      entry.sub,
      entry.act,
      `${words} ${entry.op}`,
      entry.pur,
      entry.case,
      entry.rec,
    ];
    yield [...what, String(entry.cnt), entry.dec, String(index)];
  }
}
