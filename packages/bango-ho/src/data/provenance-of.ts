import type { Provenance } from '../provenance.ts';

/**
 * The table begins on the day numbers began to be given out. Whether a given procedure asked for the
 * number from this very day is not established, and nothing depends on it.
 */
export const TABLE_BEGINS = '2015-10-05';
const READ_ON = '2026-11-22';

/** A row that published, unofficial sources state. No 社労士, 税理士 or 弁護士 has confirmed it. */
export function statedBy(citation: string, sources: readonly string[], doubt?: string): Provenance {
  return {
    ...inForce(citation, sources, doubt),
    confidence: 'confirmed-secondary',
    confirmedBy: 'maintainers',
    confirmedAt: READ_ON,
  };
}

/** A row that nobody has compared with a source, or that its sources leave in doubt. */
export function toBeChecked(
  citation: string,
  doubt: string,
  sources: readonly string[] = [],
): Provenance {
  return {
    ...inForce(citation, sources, doubt),
    confidence: 'needs-check',
    confirmedBy: null,
    confirmedAt: null,
  };
}

function inForce(citation: string, sources: readonly string[], doubt?: string) {
  const base = { citation, sources, effectiveFrom: TABLE_BEGINS, effectiveTo: null };
  return doubt === undefined ? base : { ...base, doubt };
}
