import { checkLayouts } from './check-layouts.ts';
import { checkProvenance } from './check-provenance.ts';
import { checkPurposes } from './check-purposes.ts';
import { checkRetention } from './check-retention.ts';
import { checkSafeguards } from './check-safeguards.ts';
import { checkVersions } from './check-versions.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import { LawError } from './law-error.ts';
import type { Law, LawData } from './law.ts';
import { isLegalDay } from './legal-day.ts';
import type { Provenance } from './provenance.ts';

type Row = Provenance & { readonly key: string };

/**
 * Accepts a table of the law whole, or refuses it whole: a {@link LawError} `table-invalid` names every
 * row that overlaps, leaves a gap, points nowhere or has no citation. The law returned is a frozen copy.
 */
export function loadLaw(data: LawData): Law {
  const copy = structuredClone(data);
  const faults = [...checkTables(copy), ...checkContents(copy)];
  if (faults.length > 0) {
    throw new LawError(
      'table-invalid',
      faults.map(({ at, problem }) => `${at}: ${problem}`),
    );
  }
  return freezeDeep(copy) as Law;
}

function checkTables(data: LawData): Fault[] {
  const version = isLegalDay(data.version) ? [] : [fault('version', 'is not a day')];
  const tables = Object.entries(rowsOf(data)).flatMap(([table, rows]) => checkRows(table, rows));
  return [...version, ...tables];
}

function checkContents(data: LawData): Fault[] {
  return [
    ...checkPurposes(data),
    ...checkRetention(data),
    ...checkSafeguards(data),
    ...checkLayouts(data.layouts),
    ...checkBook(data),
    ...data.verificationDuties
      .filter(
        ({ purpose }) => purpose !== '*' && !data.purposes.some((one) => one.code === purpose),
      )
      .map(({ purpose }) => fault('verificationDuties', `unknown purpose ${purpose}`)),
  ];
}

function checkBook({ book, purposes, retentionRules }: LawData): Fault[] {
  const kept = retentionRules.some(
    (row) => row.code === book.rule && row.documents.includes(book.document),
  );
  const used = purposes.some(
    (row) => row.code === book.purpose && row.documents.includes(book.document),
  );
  return [
    ...(kept ? [] : [fault('book', 'its rule does not govern its document')]),
    ...(used ? [] : [fault('book', 'its purpose does not make its document')]),
  ];
}

/** The rows of each table under the key that makes rows versions of each other. */
function rowsOf(data: LawData): Record<string, Row[]> {
  const { verificationDuties, layouts, version: _version, book: _book, ...coded } = data;
  const tables = Object.entries(coded).map(([table, rows]) => [
    table,
    rows.map((row) => ({ ...row, key: row.code })),
  ]);
  return {
    ...Object.fromEntries(tables),
    verificationDuties: verificationDuties.map((row) => ({
      ...row,
      key: `${row.purpose} ${row.subject}`,
    })),
    layouts: layouts.map((row) => ({ ...row, key: `${row.form} ${row.layoutVersion}` })),
  };
}

function checkRows(table: string, rows: readonly Row[]): Fault[] {
  if (rows.length === 0) return [fault(table, 'is empty')];
  const versions = Map.groupBy(rows, (row) => row.key);
  return [
    ...rows.flatMap((row) => checkProvenance(row).map((one) => fault(`${table} ${row.key}`, one))),
    ...[...versions].flatMap(([key, group]) =>
      checkVersions(group).map((one) => fault(`${table} ${key}`, one)),
    ),
  ];
}

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}
