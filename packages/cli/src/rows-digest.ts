import { createHash } from 'node:crypto';
import type { ColumnOrder } from './import-columns.ts';
import type { CsvRow } from './read-csv.ts';

/** A running digest over rows, by which a file is known again. */
export type RowsDigest = { add: (row: CsvRow) => void; value: () => string };

/** The number stays out of it: a digest that a number could be guessed from is a number. */
export function rowsDigest(order: ColumnOrder): RowsDigest {
  const digest = createHash('sha256');
  return {
    add: (row) => void digest.update(withoutNumber(order, row)),
    value: () => digest.copy().digest('base64url'),
  };
}

function withoutNumber(order: ColumnOrder, { cells }: CsvRow): string {
  const others = cells.filter((_, at) => order[at] !== 'individualNumber');
  // A row with another number of cells than the header may hold its number anywhere.
  return cells.length === order.length ? JSON.stringify(others) : `[${cells.length}]`;
}
