import type { ExportPlace } from './export-place.ts';

/** A day of hourly exports. */
const KEPT = 24;

/**
 * Removes exports beyond the newest 24 from a place, and never one that is not older than the newest verified:
 * that one has been restored, so whatever came before it is not needed to come back.
 */
export async function removeOldExports(place: ExportPlace, newestVerified: string): Promise<void> {
  const names = await place.list();
  for (const name of names.slice(0, -KEPT)) if (name < newestVerified) await place.remove(name);
}
