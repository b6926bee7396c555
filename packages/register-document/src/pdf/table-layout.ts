import type { Column, Row } from '../register-document.ts';
import type { WidthOf } from './break-lines.ts';
import { breakLines, widthOfText } from './break-lines.ts';
import { shownText } from './glyphs.ts';
import { inJapanTime } from './japan-time.ts';
import { PAGE } from './open-pdf.ts';

export const SIZE = 7;
export const LEADING = 9.5;
export const PADDING = 3;

/** A cell's lines, and where each column begins and ends. */
export type LaidOutRow = { cells: string[][]; lines: number };
export type Edges = readonly { left: number; right: number }[];

/** Columns share the width of the page by their weight. */
export function edgesOf(columns: readonly Column[]): Edges {
  const whole = columns.reduce((sum, { width }) => sum + width, 0);
  const usable = PAGE.width - 2 * PAGE.margin;
  let left: number = PAGE.margin;
  return columns.map(({ width }) => {
    const right = left + (usable * width) / whole;
    const edge = { left, right };
    left = right;
    return edge;
  });
}

/** A row with its cells in lines; an empty cell has none. */
export function layOut(row: Row, edges: Edges, widthOf: WidthOf): LaidOutRow {
  const cells = edges.map(({ left, right }, at) => {
    const width = (right - left - 2 * PADDING) / SIZE;
    const lines = inJapanTime(row[at] ?? '').split('\n');
    return lines.flatMap((line) => breakLines(shownText(line), width, widthOf));
  });
  return { cells, lines: Math.max(1, ...cells.map(({ length }) => length)) };
}

/** Where a line of a cell begins. */
export function startOf(
  text: string,
  { left, right }: Edges[number],
  { column, widthOf }: { column: Column; widthOf: WidthOf },
): number {
  if (column.align !== 'right') return left + PADDING;
  return right - PADDING - widthOfText(text, widthOf) * SIZE;
}
