import type { LegalDay } from '@mnv/bango-ho';

/**
 * As of this day everything told and decided is known, also where a clock was set back since. It is later than
 * every day there is.
 */
export const ALL_KNOWN: LegalDay = '9999-12-31';
