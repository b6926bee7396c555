import { legalDayOf } from '@mnv/core';
import type { Row, Table } from '@mnv/register-document';
import type { IndexedEntry } from '../log/read-entries.ts';

/** 別添1 C-b ⑤: 情報システムの利用状況, by day, person and client system. */
export function systemUseTable(entries: AsyncIterable<IndexedEntry>): Table {
  return {
    columns: [
      { head: '日', width: 58 },
      { head: '担当者', width: 100 },
      { head: 'システム', width: 70 },
      { head: '操作数', width: 44, align: 'right' },
      { head: '拒否された操作', width: 64, align: 'right' },
      { head: '操作の種類', width: 442 },
    ],
    rows: rowsOf(entries),
  };
}

type Use = { who: string; client: string; acts: number; refused: number; operations: Set<string> };

/** Times never decrease within a log: a day is whole when the next one begins, and is held no longer. */
async function* rowsOf(entries: AsyncIterable<IndexedEntry>): AsyncGenerator<Row> {
  let [day, uses] = ['', new Map<string, Use>()];
  for await (const { entry } of entries) {
    if (entry.k === 'outcome') continue;
    const of = legalDayOf(entry.t);
    if (of !== day) {
      yield* rowsOfDay(day, uses);
      [day, uses] = [of, new Map()];
    }
    const key = `${entry.sub}\n${entry.act}`;
    const use = uses.get(key) ?? newUse(entry.sub, entry.act);
    use.acts += 1;
    if (entry.k === 'deny') use.refused += 1;
    use.operations.add(entry.op);
    uses.set(key, use);
  }
  yield* rowsOfDay(day, uses);
}

function newUse(who: string, client: string): Use {
  return { who, client, acts: 0, refused: 0, operations: new Set() };
}

function rowsOfDay(day: string, uses: ReadonlyMap<string, Use>): Row[] {
  return [...uses]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { who, client, acts, refused, operations }]) => [
      day,
      who,
      client,
      String(acts),
      String(refused),
      [...operations].toSorted().join(' '),
    ]);
}
