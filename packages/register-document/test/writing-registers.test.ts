import { describe, expect, it } from '@jest/globals';
import { readPdf } from '@mnv/testing';
import { FORMATS } from '../src/index.ts';
import type { RegisterDocument, Row } from '../src/index.ts';

type Rows = RegisterDocument['tables'][0]['rows'];

const register = (rows: Rows, more: Partial<RegisterDocument> = {}): RegisterDocument => ({
  title: '利用・出力の記録',
  basis: '別添1 C-b ①',
  tenantId: 't-001',
  period: { from: '2026-04-01', to: '2027-03-31' },
  madeAt: Date.parse('2026-11-25T01:02:03Z'),
  tables: [
    {
      title: '利用・出力',
      columns: [
        { head: '日時', width: 2 },
        { head: '内容', width: 5 },
        { head: '件数', width: 1, align: 'right' },
      ],
      rows,
    },
  ],
  ...more,
});
const bytesOf = async (document: RegisterDocument, format: keyof typeof FORMATS) =>
  Buffer.concat(await Array.fromAsync(FORMATS[format](document)));
const pagesOf = async (document: RegisterDocument) =>
  readPdf(await bytesOf(document, 'application/pdf'));
const manyRows = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ['2026-11-24T15:00:00.000Z', `項目 ${at}`, String(at)]);

describe('a register as PDF', () => {
  it('says on every page of whom it is, for when, made when, and which page it is', async () => {
    const pages = await pagesOf(register(manyRows(100)));
    expect(pages.length).toBeGreaterThan(2);
    for (const [at, texts] of pages.entries()) {
      const page = texts.join('\n');
      expect(page).toContain('利用・出力の記録');
      expect(page).toContain('委託元：t-001　　期間：2026-04-01 から 2027-03-31 まで');
      expect(page).toContain('作成：2026-11-25 10:02:03');
      expect(page).toContain(`t-001　${at + 1} ページ`);
      expect(texts).toContain('件数');
    }
  });

  it('holds every row once and in order, over any number of pages, and counts them at its end', async () => {
    const pages = await pagesOf(register(manyRows(100)));
    const items = pages.flat().filter((text) => /^項目 \d+$/.test(text));
    expect(items).toEqual(manyRows(100).map(([, item]) => item));
    expect(pages.at(-1)).toContain('以上 100 件');
    expect(pages.at(-1)).toContain(`全 ${pages.length} ページ`);
  });

  it('goes on with a text longer than a page, and loses nothing of it', async () => {
    const long = '長い説明を書く。'.repeat(800);
    const pages = await pagesOf(register([['', long, '1']]));
    expect(pages.length).toBeGreaterThan(1);
    const told = pages.flatMap((page) => page.filter((text) => /^[長い説明を書く。]+$/.test(text)));
    expect(told.join('')).toBe(long);
  });

  it('says of an empty register that it is empty', async () => {
    expect((await pagesOf(register([]))).flat()).toContain('該当なし（以上 0 件）');
  });

  it('shows instants by the clock of Japan', async () => {
    expect((await pagesOf(register(manyRows(1)))).flat()).toContain('2026-11-25 00:00:00');
  });

  it('marks and counts characters its face does not have, and shows a variant as its base', async () => {
    const [page] = await pagesOf(register([['', '𠮷野 髙橋 﨑子 ①㈱ 辻\u{e0100}', '1']]));
    expect(page).toContain('〓野 髙橋 﨑子 ①㈱ 辻');
    expect(page).toContain('全 1 ページ　〓 は書体にない文字（1 字）');
  });

  it('puts each line of a cell on a line of its own, and leaves them in one cell of a spreadsheet', async () => {
    const rows = [['', '佐藤\n鈴木', '2']];
    const [page] = await pagesOf(register(rows));
    expect(page).toEqual(expect.arrayContaining(['佐藤', '鈴木', '以上 1 件']));
    const csv = (await bytesOf(register(rows), 'text/csv')).toString('utf8');
    expect(csv).toContain(',"佐藤\n鈴木",2\r\n');
  });

  it('puts tables one after the other', async () => {
    const [table] = register(manyRows(2)).tables;
    const tables = [table, { ...table, title: '別表', rows: manyRows(3) }] as const;
    const texts = (await pagesOf(register([], { tables }))).flat();
    expect(texts.filter((text) => text.startsWith('以上'))).toEqual(['以上 2 件', '以上 3 件']);
    expect(texts).toContain('別表');
  });

  it('is written while its rows are read, and is no document when they break off', async () => {
    let read = 0;
    const rows = async function* () {
      for (const row of manyRows(20_000)) {
        read += 1;
        yield row;
      }
      throw new Error('broken off');
    };
    const parts: Uint8Array[] = [];
    const writing = (async () => {
      for await (const part of FORMATS['application/pdf'](register(rows()))) {
        if (parts.push(part) === 1) expect(read).toBeLessThan(20_000);
      }
    })();
    await expect(writing).rejects.toThrow('broken off');
    expect(parts.length).toBeGreaterThan(1);
    expect(() => readPdf(Buffer.concat(parts))).toThrow('cut short');
  });
});

describe('a register as CSV', () => {
  it('has its heads first, every row, and nothing of the tables that explain it', async () => {
    const [table] = register(manyRows(1_001)).tables;
    const tables = [table, { ...table, rows: manyRows(5) }] as const;
    const text = (await bytesOf(register([], { tables }), 'text/csv')).toString('utf8');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1_002);
    expect(lines.slice(0, 2)).toEqual([
      '\ufeff日時,内容,件数',
      '2026-11-24T15:00:00.000Z,項目 0,0',
    ]);
  });
});
