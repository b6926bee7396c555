import type { LegalDay } from './legal-day.ts';

/**
 * How far a row may be trusted. `confirmed-primary`: read in the official text. `confirmed-secondary`:
 * published sources state it. `needs-check`: general knowledge, or sources leave a doubt; such a row
 * may ask for more care or a longer life, never for less.
 */
export const CONFIDENCES = ['confirmed-primary', 'confirmed-secondary', 'needs-check'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Where a row of the law comes from, and when it is in force. Every row has one. */
export type Provenance = {
  /** Article or publication, in its own words. Never empty. */
  readonly citation: string;
  /** Addresses of the publications read. Empty where nothing was at hand: then `needs-check`. */
  readonly sources: readonly string[];
  readonly confidence: Confidence;
  /** Who compared the row with its sources. Null while it needs checking. */
  readonly confirmedBy: string | null;
  readonly confirmedAt: LegalDay | null;
  readonly effectiveFrom: LegalDay;
  /** Last day in force; null while in force. */
  readonly effectiveTo: LegalDay | null;
  /** What is doubtful about the row, in words. */
  readonly doubt?: string;
};
