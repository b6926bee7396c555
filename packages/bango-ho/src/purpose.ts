import type { Provenance } from './provenance.ts';

/** Whose number: employee or officer, dependant, category-3 insured spouse, payee, shareholder. */
export const PURPOSE_SUBJECTS = ['E', 'D', 'S3', 'P', 'H'] as const;
export type PurposeSubject = (typeof PURPOSE_SUBJECTS)[number];

/**
 * What may be done with a number for a purpose: keep it, release it to the person at work, write it
 * into a statutory form, compare it with one presented.
 */
export const PURPOSE_OPERATIONS = ['store', 'disclose', 'fill', 'match'] as const;
export type PurposeOperation = (typeof PURPOSE_OPERATIONS)[number];

/** Days of the year, both included, `MM-DD`; `from` after `to` wraps over the new year. */
export type Season = { readonly from: string; readonly to: string };

/** One statutory procedure (事務) for which a number may be held. The list is closed. */
export type Purpose = Provenance & {
  readonly code: string;
  readonly nameJa: string;
  readonly nameEn: string;
  readonly subjects: readonly PurposeSubject[];
  readonly operations: readonly PurposeOperation[];
  /** Codes of the document table. */
  readonly documents: readonly string[];
  readonly legalBasis: string;
  /** Null: exercised all the year. No source at hand sets a season by law; a tenant may. */
  readonly season: Season | null;
  readonly enabledByDefault: boolean;
};
