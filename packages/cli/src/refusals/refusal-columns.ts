import type { RefusalStep } from '@mnv/client';
import { SUBJECTS, isIndividualRef } from '@mnv/core';
import { CommandError } from '../command.ts';

/** The columns of a file of steps. Those that no row needs may be left out. */
export const REFUSAL_COLUMNS = [
  'id',
  'individualRef',
  'subject',
  'purpose',
  'kind',
  'on',
  'channel',
  'by',
  'toldDuty',
  'reason',
  'document',
  'reference',
  'deadline',
  'completedOn',
  'step',
] as const;
type Column = (typeof REFUSAL_COLUMNS)[number];
type Row = Partial<Record<Column, string>>;

const NEEDED = ['id', 'individualRef', 'subject', 'purpose', 'kind', 'on'] as const;

/** Reads the header; an unknown column is refused and not repeated. Throws CommandError. */
export function readRefusalHeader(cells: readonly string[]): readonly Column[] {
  const columns = cells.flatMap((cell) => REFUSAL_COLUMNS.filter((one) => one === cell));
  const isSound = columns.length === cells.length && new Set(columns).size === columns.length;
  if (!isSound) throw new CommandError(`The columns are ${REFUSAL_COLUMNS.join(',')}.`);
  const missing = NEEDED.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new CommandError(`The header lacks ${missing.join(', ')}.`);
  return columns;
}

/** A step from a row, or which cell to mend. The service judges again; this only saves a journey. */
export function stepOfRow(
  columns: readonly Column[],
  cells: readonly string[],
): RefusalStep | { mend: string } {
  if (cells.length !== columns.length)
    return { mend: '列数が見出しと違う / other number of cells than the header' };
  const filled = columns
    .map((column, at) => [column, (cells[at] ?? '').trim()] as const)
    .filter(([, cell]) => cell !== '');
  const row: Row = Object.fromEntries(filled);
  const missing = NEEDED.find((column) => row[column] === undefined);
  if (missing !== undefined) return { mend: missing };
  if (!isIndividualRef(row.individualRef ?? '')) return { mend: 'individualRef' };
  if (!SUBJECTS.some((one) => one === row.subject)) return { mend: 'subject' };
  const { toldDuty, ...rest } = row;
  if (toldDuty === undefined) return rest as RefusalStep;
  return toldDuty === 'yes' || toldDuty === 'no'
    ? ({ ...rest, toldDuty: toldDuty === 'yes' } as RefusalStep)
    : { mend: 'toldDuty: yes, no' };
}
