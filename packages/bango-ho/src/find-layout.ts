import { LAW } from './current-law.ts';
import type { FormLayout } from './form-layout.ts';
import type { Law } from './law.ts';

export type LayoutQuestion = {
  readonly form: string;
  readonly year: number;
  readonly layoutVersion?: string;
};

/** The layout of a form for a year, or undefined where the table has none. */
export function findLayout(question: LayoutQuestion, law: Law = LAW): FormLayout | undefined {
  const { form, year, layoutVersion } = question;
  return law.layouts.find(
    (row) =>
      row.form === form &&
      row.firstYear <= year &&
      (row.lastYear === null || year <= row.lastYear) &&
      (layoutVersion === undefined || row.layoutVersion === layoutVersion),
  );
}

/** Whether numbers may be filled by a layout: complete, and confirmed. */
export function isFillable({ length, columns, confidence }: FormLayout): boolean {
  return length !== null && columns !== null && confidence !== 'needs-check';
}
