import { BYTE_ORDER_MARK, csvText } from './csv-text.ts';
import type { RegisterDocument, Row } from './register-document.ts';

const ROWS_A_PART = 200;

/** The register for a spreadsheet, heads first: UTF-8 behind a byte order mark. */
export async function* writeCsv({
  tables: [{ columns, rows }],
}: RegisterDocument): AsyncGenerator<Uint8Array> {
  let part: Row[] = [columns.map(({ head }) => head)];
  let mark = BYTE_ORDER_MARK;
  for await (const row of rows) {
    part.push(row);
    if (part.length < ROWS_A_PART) continue;
    yield Buffer.from(mark + csvText(part), 'utf8');
    [part, mark] = [[], ''];
  }
  yield Buffer.from(mark + csvText(part), 'utf8');
}
