import type { Confidence, Provenance } from './provenance.ts';

/** Where one number stands in a record. */
export type NumberColumn = {
  /** 1-based. */
  readonly column: number;
  readonly holderJa: string;
  /**
   * `number`: twelve half-width digits. `number-or-corporate`: twelve or thirteen. `list`: several
   * numbers and names in free text.
   */
  readonly content: 'number' | 'number-or-corporate' | 'list';
  readonly confidence: Confidence;
};

/**
 * One layout of a statutory form's data record, for the filing years it serves. Nothing is filled by a
 * layout whose `length` or `columns` are null, or that needs checking.
 */
export type FormLayout = Provenance & {
  readonly form: string;
  readonly nameJa: string;
  readonly layoutVersion: string;
  /** First and last year of income or filing served; `lastYear` null while in use. */
  readonly firstYear: number;
  readonly lastYear: number | null;
  /** Fields in a record; null where not established. */
  readonly length: number | null;
  /** Columns that bear a number; null where not established. */
  readonly columns: readonly NumberColumn[] | null;
};
