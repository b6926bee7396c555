import type { Column, Row, Table } from '../register-document.ts';
import type { Glyphs } from './glyphs.ts';
import { PAGE } from './open-pdf.ts';
import type { Pdf } from './open-pdf.ts';
import { BOTTOM, TOP } from './page-frame.ts';
import type { PageFrame } from './page-frame.ts';
import type { LaidOutRow } from './table-layout.ts';
import { LEADING, PADDING, SIZE, edgesOf, layOut, startOf } from './table-layout.ts';

const HEAD_COLOUR = '#e6ebf2';
const RULE_COLOUR = '#9aa5b4';
const TITLE_HEIGHT = 20;
const GAP = 12;
const LINES_TOGETHER = 12;
const HEIGHT_OF = (lines: number) => lines * LEADING + 2 * PADDING;
const [LEFT, RIGHT] = [PAGE.margin, PAGE.width - PAGE.margin];

/** The pen: where on the page the next thing stands. */
export type Pen = { y: number };
export type Sheet = { pdf: Pdf; glyphs: Glyphs; frame: PageFrame; pen: Pen };

/** Draws one table row by row; its heads stand on every page it runs over. */
export function drawTable(sheet: Sheet, { title, columns }: Pick<Table, 'title' | 'columns'>) {
  const { glyphs, frame, pen } = sheet;
  const edges = edgesOf(columns);
  const head = layOut(
    columns.map((column) => column.head),
    edges,
    glyphs.widthOf,
  );
  const brush = { ...sheet, columns, edges };
  const titleHeight = title === undefined ? 0 : TITLE_HEIGHT;
  const smallest = titleHeight + HEIGHT_OF(head.lines) + HEIGHT_OF(3);

  function turn(): void {
    frame.next();
    pen.y = TOP;
    drawHead();
  }

  function drawHead(): void {
    drawBand(brush, HEIGHT_OF(head.lines));
    drawLines(brush, head, { first: 0, end: head.lines });
  }

  if (frame.pages() === 0 || pen.y + GAP + smallest > BOTTOM) {
    frame.next();
    pen.y = TOP;
  } else pen.y += GAP;
  if (title !== undefined) glyphs.show(title, { x: LEFT, y: pen.y + 12, size: 9 });
  pen.y += titleHeight;
  drawHead();

  return {
    /** A row stays together unless it is long: that would leave pages half empty. It goes on over as many as it needs. */
    row(cells: Row): void {
      const row = layOut(cells, edges, glyphs.widthOf);
      if (pen.y + HEIGHT_OF(row.lines) > BOTTOM && row.lines <= LINES_TOGETHER) turn();
      for (let first = 0; first < row.lines; ) {
        const room = Math.floor((BOTTOM - pen.y - 2 * PADDING) / LEADING);
        if (room < 1) {
          turn();
          continue;
        }
        const end = Math.min(row.lines, first + room);
        drawLines(brush, row, { first, end });
        first = end;
      }
    },
    /** One line across the table. */
    remark(text: string): void {
      if (pen.y + HEIGHT_OF(1) > BOTTOM) turn();
      glyphs.show(text, { x: LEFT + PADDING, y: pen.y + PADDING + SIZE, size: SIZE });
      pen.y += HEIGHT_OF(1);
    },
  };
}

type Brush = Sheet & { columns: readonly Column[]; edges: ReturnType<typeof edgesOf> };

function drawBand({ pdf, pen }: Brush, height: number): void {
  pdf
    .rect(LEFT, pen.y, RIGHT - LEFT, height)
    .fill(HEAD_COLOUR)
    .fillColor('black');
}

/** Lines of a row, and the rules around them. */
function drawLines(
  { pdf, glyphs, pen, columns, edges }: Brush,
  { cells }: LaidOutRow,
  { first, end }: { first: number; end: number },
): void {
  const height = HEIGHT_OF(end - first);
  for (const [at, column] of columns.entries()) {
    const edge = edges[at];
    if (edge === undefined) continue;
    for (const [line, text] of (cells[at] ?? []).slice(first, end).entries()) {
      const x = startOf(text, edge, { column, widthOf: glyphs.widthOf });
      const y = pen.y + PADDING + line * LEADING + SIZE;
      glyphs.show(text, { x, y, size: SIZE });
    }
  }
  pdf.lineWidth(0.4).strokeColor(RULE_COLOUR);
  for (const { left } of edges) pdf.moveTo(left, pen.y).lineTo(left, pen.y + height);
  pdf.rect(LEFT, pen.y, RIGHT - LEFT, height).stroke();
  pen.y += height;
}
