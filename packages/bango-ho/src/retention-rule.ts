import type { Provenance } from './provenance.ts';

/** The day from whose morrow a period is counted, worked out from the event that starts the clock. */
export type ClockStart =
  | { readonly kind: 'event' }
  /** A fixed day (`MM-DD`) some years after the year that contains the event. */
  | { readonly kind: 'fixed-day'; readonly yearsLater: number; readonly monthDay: string }
  | { readonly kind: 'unknown' };

/** What starts a retention period. */
export type RetentionClock = Provenance & {
  readonly code: string;
  /** The event, as the law calls it. */
  readonly eventJa: string;
  readonly eventEn: string;
  readonly start: ClockStart;
  /**
   * Which day of a record's history the event is: the deadline of the document, or of the last one
   * filed without the number; the completion of the matter; the leaving of the establishment; the day
   * of the document itself. Null where not established.
   */
  readonly startedBy:
    | 'deadline'
    | 'last-omitted-deadline'
    | 'completion'
    | 'leaving'
    | 'document-day'
    | null;
};

export type Period =
  | { readonly unit: 'years'; readonly count: number }
  | { readonly unit: 'days'; readonly count: number };

/** How long a document must be kept (`duty`), or at most may be (`maximum`). */
export type RetentionRule = Provenance & {
  readonly code: string;
  /** Codes of the document table. */
  readonly documents: readonly string[];
  readonly nature: 'duty' | 'maximum';
  readonly period: Period;
  /** Code of the clock table. */
  readonly clock: string;
};
