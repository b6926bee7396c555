import type { Policy } from '@mnv/transparency-log';
import type { ExportPlace } from './export/export-place.ts';
import { hearMemory } from './hear-memory.ts';
import type { OutsideMemory } from './outside-memory.ts';

/**
 * The heads of the copies of the control log in the places for exports, as far as they can be read and carry
 * our signature. They can close the fence, and are no word that opens it: a copy may be old.
 */
export async function exportedHeads(
  places: readonly ExportPlace[],
  { origin, policy }: { origin: string; policy: Policy },
): Promise<OutsideMemory[]> {
  const heads = places.map(async ({ name: source, controlLog }) => {
    try {
      const note = await controlLog.fetch('checkpoint');
      if (note === undefined) return [];
      const seen = Buffer.from(note).toString('utf8');
      const heard = hearMemory({ seen, witnesses: [] }, { source, origin, policy });
      return heard.map((head) => ({ ...head, saidAt: new Date(0), ageMs: 0 }));
    } catch {
      // A disk that is not there is an alarm of the export, and no evidence against the database.
      return [];
    }
  });
  return (await Promise.all(heads)).flat();
}
