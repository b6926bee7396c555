import { isLegalDay } from '@mnv/bango-ho';
import type { NumberChange } from '@mnv/client';
import {
  CHANGE_REASONS,
  CHANNELS,
  IDENTITY_CHECKS,
  IndividualNumber,
  NUMBER_CHECKS,
  isUuid,
} from '@mnv/core';
import { CommandError } from '../command.ts';

/** The columns of a file of number changes, in any order; each is needed. */
export const CHANGE_COLUMNS = [
  'recordId',
  'individualNumber',
  'from',
  'reason',
  'numberCheck',
  'identityCheck',
  'channel',
  'verifiedOn',
  'noticeVersion',
] as const;
type Column = (typeof CHANGE_COLUMNS)[number];
type Cells = Record<Column, string>;

const RULES: Record<Column, (cell: string) => boolean> = {
  recordId: isUuid,
  individualNumber: (cell) => IndividualNumber.parse(cell) !== undefined,
  from: isLegalDay,
  reason: isOneOf(CHANGE_REASONS),
  numberCheck: isOneOf(NUMBER_CHECKS),
  identityCheck: isOneOf(IDENTITY_CHECKS),
  channel: isOneOf(CHANNELS),
  verifiedOn: isLegalDay,
  noticeVersion: (cell) => cell !== '',
};

/** Reads the header. What it says instead of a column is not repeated. Throws CommandError. */
export function readChangeHeader(cells: readonly string[]): readonly Column[] {
  const columns = cells.flatMap((cell) => CHANGE_COLUMNS.filter((one) => one === cell));
  const isWhole = columns.length === cells.length && new Set(columns).size === RULE_COUNT;
  if (!isWhole) throw new CommandError(`The header is ${CHANGE_COLUMNS.join(',')}.`);
  return columns;
}

/** A change from a row, or which cell to mend; never what is in it. The vault judges again. */
export function changeOfRow(
  columns: readonly Column[],
  cells: readonly string[],
  verifiedBy: string,
): NumberChange | { mend: string } {
  if (cells.length !== columns.length)
    return { mend: '列数が見出しと違う / other number of cells than the header' };
  const row = Object.fromEntries(columns.map((column, at) => [column, cells[at]])) as Cells;
  const bad = CHANGE_COLUMNS.find((column) => !RULES[column](row[column]));
  if (bad !== undefined) return { mend: bad };
  const { recordId, individualNumber, from, reason, noticeVersion, ...checks } = row;
  const verification = { ...checks, verifiedBy } as NumberChange['verification'];
  const change = { recordId, individualNumber, from, verification, noticeVersion };
  return { ...change, reason: reason as NumberChange['reason'] };
}

const RULE_COUNT = CHANGE_COLUMNS.length;

function isOneOf(list: readonly string[]): (cell: string) => boolean {
  return (cell) => list.includes(cell);
}
