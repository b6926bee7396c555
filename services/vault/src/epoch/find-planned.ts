import type { PlacedEntry } from '../control/control-search.repository.ts';
import { rootText } from './begin-epoch.ts';

/** When (ms) a root version will be destroyed, as the newest announcement in the control log says, and its place. */
export async function findPlanned(
  root: string,
  search: (wanted: { from: number; text: string }) => Promise<PlacedEntry[]>,
): Promise<{ at: number; index: number } | undefined> {
  const found = await search({ from: 0, text: rootText('root.destroy-scheduled', root) });
  return found
    .flatMap(({ entry, index }) =>
      entry.op === 'root.destroy-scheduled' ? [{ at: entry.at, index }] : [],
    )
    .at(-1);
}
