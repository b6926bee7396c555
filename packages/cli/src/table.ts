import { displayWidth } from './display-width.ts';

// oxlint-disable-next-line no-control-regex -- what would move the cursor or colour the terminal is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Columns under their heads, wide characters counted as two. Cells cannot drive the terminal. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows].map((row) => row.map((cell) => cell.replace(CONTROL, '·')));
  const widths = heads.map((_, at) => Math.max(...lines.map((row) => displayWidth(row[at] ?? ''))));
  const rule = widths.map((width) => '-'.repeat(width));
  const [head = [], ...body] = lines;
  return [head, rule, ...body].map((row) => `${padded(row, widths)}\n`).join('');
}

function padded(row: readonly string[], widths: readonly number[]): string {
  const cells = widths.map((width, at) => {
    const cell = row[at] ?? '';
    return cell + ' '.repeat(width - displayWidth(cell));
  });
  return cells.join('  ').trimEnd();
}
