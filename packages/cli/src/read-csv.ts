import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { CommandError } from './command.ts';

/** One row: the line of the file it ends on, and its cells as they stand. */
export type CsvRow = { line: number; cells: string[] };

const MAX_ROW_CHARACTERS = 16_384;

/**
 * Rows of a CSV text (RFC 4180), empty lines left out. The parser's own errors quote the cell they fail on,
 * which may be a number: only the line is kept of them.
 */
export async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  const source = Readable.from(text, { objectMode: false, encoding: 'utf8' });
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of source.pipe(parser)) {
      yield { line: (info as { lines: number }).lines, cells: record as string[] };
    }
  } catch (error) {
    throw asRowError(error);
  }
}

function asRowError(error: unknown): unknown {
  const { code, lines } = error as { code?: unknown; lines?: unknown };
  if (typeof code !== 'string' || (!code.startsWith('CSV_') && code !== 'INVALID_OPENING_QUOTE'))
    return error;
  const line = typeof lines === 'number' ? ` near line ${lines}` : '';
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new CommandError(`A row is too long${line}: check the quotation marks.`);
  }
  return new CommandError(`The file is not well-formed CSV${line}: check the quotation marks.`);
}
