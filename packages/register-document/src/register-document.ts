export type Column = {
  head: string;
  /** Its share of the page, against the other columns; in points, where they come to 774. */
  width: number;
  align?: 'right';
};
/** A line end within a cell is kept: what follows it stands on a line of its own. */
export type Row = readonly string[];

/** A list with its heads. Rows are read once, while they are written. */
export type Table = {
  /** Where a register has several. */
  title?: string;
  columns: readonly Column[];
  rows: AsyncIterable<Row> | Iterable<Row>;
};

/** A register the guideline asks for (別添1 C-b, C-c), of one tenant. No table has a place for a number. */
export type RegisterDocument = {
  title: string;
  /** What asks for it. */
  basis: string;
  tenantId: string;
  /** Two legal days of Japan, both whole. */
  period: { from: string; to: string };
  /** Milliseconds. */
  madeAt: number;
  /** The first is the register itself; others explain it, and have no place in a spreadsheet. */
  tables: readonly [Table, ...Table[]];
};
