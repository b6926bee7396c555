import { CommandError } from './command.ts';

/** The columns of an import file; purposes are joined by `|`. `relatedRef` may be left out. */
export const IMPORT_COLUMNS = [
  'individualRef',
  'subject',
  'relatedRef',
  'individualNumber',
  'purposes',
  'numberCheck',
  'identityCheck',
  'channel',
  'verifiedOn',
  'noticeVersion',
] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** Where each column stands. */
export type ColumnOrder = readonly ImportColumn[];

/**
 * Reads the header. A column we do not know is refused: what it holds would be lost without a word, or is
 * nothing that may be kept. The unknown name itself is not repeated; a file without header begins with a number.
 */
export function readHeader(cells: readonly string[]): ColumnOrder {
  const unknown = cells.findIndex((cell) => !isColumn(cell));
  if (unknown >= 0) {
    throw new CommandError(
      `Column ${unknown + 1} is not known; the header is ${IMPORT_COLUMNS.join(',')}.`,
    );
  }
  const order = cells.filter(isColumn);
  const doubled = order.find((column, at) => order.indexOf(column) !== at);
  if (doubled) throw new CommandError(`The column ${doubled} is there twice.`);
  const missing = IMPORT_COLUMNS.filter(
    (column) => column !== 'relatedRef' && !order.includes(column),
  );
  if (missing.length > 0) throw new CommandError(`The header lacks ${missing.join(', ')}.`);
  return order;
}

/** The cells of a row by column; undefined when their number is not that of the header. */
export function cellsByColumn(
  order: ColumnOrder,
  cells: readonly string[],
): Record<ImportColumn, string> | undefined {
  if (cells.length !== order.length) return undefined;
  const byColumn = Object.fromEntries(order.map((column, at) => [column, cells[at] ?? '']));
  return { relatedRef: '', ...byColumn } as Record<ImportColumn, string>;
}

function isColumn(text: string): text is ImportColumn {
  return (IMPORT_COLUMNS as readonly string[]).includes(text);
}
