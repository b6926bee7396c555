import type { RetentionEvent, RetentionFact } from '@mnv/client';
import { SUBJECTS, isIndividualRef, isUuid } from '@mnv/core';
import { CommandError } from '../command.ts';

/** The columns of an events file. Those that no row needs may be left out. */
export const EVENT_COLUMNS = [
  'id',
  'recordId',
  'individualRef',
  'subject',
  'kind',
  'on',
  'purpose',
  'document',
  'reference',
  'deadline',
  'completedOn',
  'corrects',
] as const;
type Column = (typeof EVENT_COLUMNS)[number];
const NEEDED: readonly Column[] = ['id', 'kind', 'on'];
const FACT_COLUMNS = ['purpose', 'document', 'reference', 'deadline', 'completedOn'] as const;

/** Takes an event back, where another kind would put something in its place. */
const WITHDRAWN = 'withdrawn';

/** Reads the header; an unknown column is refused and not repeated. Throws CommandError. */
export function readEventHeader(cells: readonly string[]): readonly Column[] {
  const unknown = cells.findIndex((cell) => !isColumn(cell));
  if (unknown >= 0)
    throw new CommandError(
      `Column ${unknown + 1} is not known; the columns are ${EVENT_COLUMNS.join(',')}.`,
    );
  const columns = cells.filter(isColumn);
  const doubled = columns.find((column, at) => columns.indexOf(column) !== at);
  if (doubled) throw new CommandError(`The column ${doubled} is there twice.`);
  const missing = NEEDED.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new CommandError(`The header lacks ${missing.join(', ')}.`);
  return columns;
}

/**
 * An event from a row, or which cell to mend. A row with `corrects` puts its event in the place of that one, or
 * with the kind `withdrawn` takes it back. The service judges again; this only saves a journey.
 */
export function eventOfRow(
  columns: readonly Column[],
  cells: readonly string[],
): RetentionEvent | { mend: string } {
  if (cells.length !== columns.length)
    return { mend: '列数が見出しと違う / other number of cells than the header' };
  const row: Partial<Record<Column, string>> = Object.fromEntries(
    columns
      .map((column, at) => [column, (cells[at] ?? '').trim()])
      .filter(([, cell]) => cell !== ''),
  );
  const { id, kind, corrects } = row;
  if (id === undefined) return { mend: 'id' };
  if (kind === undefined) return { mend: 'kind' };
  const whose = whoseOf(row);
  if (whose === undefined)
    return {
      mend: 'recordId, または individualRef と subject / recordId, or individualRef and subject',
    };
  if (corrects === undefined) return { id, ...whose, ...factOf(row, kind) };
  const instead = kind === WITHDRAWN ? null : factOf(row, kind);
  return { id, ...whose, kind: 'corrected', corrects, instead };
}

function whoseOf({ recordId, individualRef, subject }: Partial<Record<Column, string>>) {
  if (recordId !== undefined) return isUuid(recordId) ? { recordId } : undefined;
  if (individualRef === undefined && subject === undefined) return {};
  const known = SUBJECTS.find((one) => one === subject);
  return known !== undefined && individualRef !== undefined && isIndividualRef(individualRef)
    ? { individualRef, subject: known }
    : undefined;
}

function factOf(row: Partial<Record<Column, string>>, kind: string): RetentionFact {
  const members = FACT_COLUMNS.flatMap((column) =>
    row[column] === undefined ? [] : [[column, row[column]] as const],
  );
  return { kind, on: row.on ?? '', ...Object.fromEntries(members) };
}

function isColumn(text: string): text is Column {
  return (EVENT_COLUMNS as readonly string[]).includes(text);
}
