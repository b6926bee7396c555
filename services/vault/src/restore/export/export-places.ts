import { statSync } from 'node:fs';
import { StartupError } from '@mnv/service-kit';
import { exportDirectory } from './export-directory.ts';
import type { ExportPlace } from './export-place.ts';

type PlaceSettings = { PROFILE: string; VAULT_EXPORT_DIRECTORIES: readonly string[] };

/**
 * The directories that exports go to. Throws StartupError when two of them are on one device, outside of
 * development: then one lost disk would take all copies. One that is not there is an alarm, not a refusal.
 */
export function exportPlacesOf(settings: PlaceSettings): ExportPlace[] {
  const directories = settings.VAULT_EXPORT_DIRECTORIES;
  const devices = directories.flatMap((directory) => {
    const known = statSync(directory, { throwIfNoEntry: false });
    return known === undefined ? [] : [known.dev];
  });
  if (settings.PROFILE !== 'development' && new Set(devices).size < devices.length)
    throw new StartupError(['VAULT_EXPORT_DIRECTORIES'], 'names two directories on one device');
  return directories.map((directory, at) => exportDirectory(`export ${at + 1}`, directory));
}
