import type { Provenance } from './provenance.ts';

/** One kind of document that a purpose makes or a retention rule governs. */
export type LawDocument = Provenance & {
  readonly code: string;
  readonly nameJa: string;
  readonly nameEn: string;
  /** Whether it bears the number. `forbidden`: a copy with the number would be unlawful. */
  readonly number: 'borne' | 'not-required' | 'forbidden';
  /** `kept` by the employer, or `filed`: it leaves the house and a `kept` copy may stay. */
  readonly whereabouts: 'kept' | 'filed';
  /** The kept copy of a filed document; null for a kept one. */
  readonly copy: string | null;
  /**
   * `ruled`: a retention rule must govern it at all times. `not-established`: no rule is known, so
   * nothing may ever end its life without a person.
   */
  readonly retention: 'ruled' | 'not-established';
};
