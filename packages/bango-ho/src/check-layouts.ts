import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { FormLayout } from './form-layout.ts';

/** Layouts of one form follow each other year by year; columns lie within the record. */
export function checkLayouts(layouts: readonly FormLayout[]): Fault[] {
  const forms = Map.groupBy(layouts, (row) => row.form);
  return [
    ...layouts.flatMap(checkColumns),
    ...[...forms].flatMap(([form, rows]) => checkYears(`layouts ${form}`, rows)),
  ];
}

function checkColumns(row: FormLayout): Fault[] {
  const at = `layouts ${row.form} ${row.layoutVersion}`;
  if (row.columns === null || row.length === null) {
    return row.confidence === 'needs-check' ? [] : [fault(at, 'is confirmed, yet incomplete')];
  }
  const places = row.columns.map(({ column }) => column);
  const { length } = row;
  const inside = places.every((place) => Number.isInteger(place) && place >= 1 && place <= length);
  return [
    ...(places.length > 0 ? [] : [fault(at, 'bears no number')]),
    ...(inside ? [] : [fault(at, 'a column lies outside the record')]),
    ...(new Set(places).size === places.length ? [] : [fault(at, 'a column stands twice')]),
  ];
}

function checkYears(at: string, rows: readonly FormLayout[]): Fault[] {
  const ordered = rows.toSorted((one, other) => one.firstYear - other.firstYear);
  return ordered.flatMap((row, index) => {
    const { firstYear, lastYear } = row;
    if (lastYear !== null && lastYear < firstYear) return [fault(at, 'ends before it begins')];
    const next = ordered[index + 1];
    if (next === undefined) return [];
    if (lastYear === null || next.firstYear <= lastYear) {
      return [fault(at, `versions overlap from ${next.firstYear}`)];
    }
    return next.firstYear > lastYear + 1 ? [fault(at, `gap from ${lastYear + 1}`)] : [];
  });
}
