import { stringify } from 'csv-stringify/sync';

/** What spreadsheets expect before UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';

/**
 * CSV rows for spreadsheets, lines ending as Windows has them. A cell that begins like a formula
 * (`= + - @`, tab, and their full-width forms) gets a leading apostrophe: opening the file runs nothing.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ },
  );
}
