import { describe, expect, it } from '@jest/globals';
import type { AccessReportRow } from '@mnv/client';
import { NO_OUTCOME, accessesOf } from '../src/accesses.ts';
import { csvText } from '@mnv/register-document';
import { displayWidth } from '../src/display-width.ts';
import { progressLine } from '../src/import-progress.ts';
import { table } from '../src/table.ts';

describe('the width of a text on a terminal', () => {
  it.each([
    ['t-001', 5],
    ['株式会社', 8],
    ['ｶﾌﾞ', 3],
    ['ＡＢ１', 6],
    ['か\u3099', 2],
    ['葛\u{e0100}城', 4],
    ['𠮷野家', 6],
    ['😀', 2],
    ['', 0],
  ])('%j takes %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('a table', () => {
  it('lines up under its heads whatever the script', () => {
    expect(
      table(
        ['名称', 'id'],
        [
          ['花子商店', 't-1'],
          ['x', 't-2'],
        ],
      ),
    ).toBe('名称      id\n--------  ---\n花子商店  t-1\nx         t-2\n');
  });

  it('lets no cell drive the terminal', () => {
    const out = table(['a'], [['\u001b[2J\r\n\u202ex']]);

    expect(out).toBe(`a\n${'-'.repeat(8)}\n·[2J···x\n`);
  });
});

describe('a spreadsheet', () => {
  it.each(['=1+1', '+1', '-1', '@a', '\tx', '＝1'])(
    'is given %j as text, not as a formula',
    (cell) => {
      expect(csvText([[cell]])).toMatch(/^"?'/);
    },
  );

  it('gets cells with commas, quotes and line ends whole', () => {
    expect(csvText([['a,b', 'c"d', 'e\nf']])).toBe('"a,b","c""d","e\nf"\r\n');
  });
});

describe('the progress of an import', () => {
  it('tells rows, speed and what is left', () => {
    const progress = { rows: 12_000, bytes: 250, totalBytes: 1_000 };

    expect(progressLine(progress, 20_000)).toBe(
      '25 %  12,000 件 / rows  600 件/秒 / per s  残り / left 1:00',
    );
  });

  it('does not promise an end before anything was read, or of an empty file', () => {
    expect(progressLine({ rows: 0, bytes: 0, totalBytes: 10 }, 0)).toContain('left ?');
    expect(progressLine({ rows: 0, bytes: 0, totalBytes: 0 }, 0)).toContain('100 %');
  });
});

describe('releases and how they ended', () => {
  const row = (members: Partial<AccessReportRow>) =>
    ({
      kind: 'intent',
      requestId: 'one',
      record: 'a',
      result: 'allow',
      ...members,
    }) as AccessReportRow;
  const ends = (rows: AccessReportRow[]) =>
    accessesOf(rows).map(({ record, result }) => `${record} ${result}`);

  it('are one row: delivered, but for the records that were refused', () => {
    const rows = [
      row({ record: 'a' }),
      row({ record: 'b' }),
      row({ kind: 'outcome', record: '', result: 'delivered' }),
      row({ kind: 'outcome', record: 'b', result: 'deny:record-not-found' }),
    ];

    expect(ends(rows)).toEqual(['a delivered', 'b deny:record-not-found']);
  });

  it('say so when no outcome was recorded', () => {
    expect(ends([row({})])).toEqual([`a ${NO_OUTCOME}`]);
  });

  it('do not borrow the outcome of another request', () => {
    const other = row({ kind: 'outcome', requestId: 'two', record: '', result: 'delivered' });

    expect(ends([row({}), other])).toEqual([`a ${NO_OUTCOME}`, ' delivered']);
  });

  it('leave refusals and other acts as they are', () => {
    const refusal = row({ kind: 'deny', result: 'deny:training-expired' });

    expect(ends([refusal, row({ kind: 'act', requestId: 'two' })])).toEqual([
      'a deny:training-expired',
      'a allow',
    ]);
  });
});
