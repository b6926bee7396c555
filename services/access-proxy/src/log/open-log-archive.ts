import { openArchive, readArchiveKey } from '@mnv/log-archive';
import { StartupError } from '@mnv/service-kit';
import type { Settings } from '../config.ts';
import type { Archive } from './archived-entries.ts';

/** The archive of the settings, if there is one. Throws StartupError. */
export async function openLogArchive(settings: Settings): Promise<Archive | undefined> {
  const { ACCESS_PROXY_ARCHIVE: place, ACCESS_PROXY_ARCHIVE_KEY_FILE: keyFile } = settings;
  if (place === undefined && keyFile === undefined) return undefined;
  const names = ['ACCESS_PROXY_ARCHIVE', 'ACCESS_PROXY_ARCHIVE_KEY_FILE'];
  if (place === undefined || keyFile === undefined)
    throw new StartupError(names, 'are given together or not at all');
  try {
    return { store: await openArchive(place, process.cwd()), key: await readArchiveKey(keyFile) };
  } catch {
    throw new StartupError(names, 'the archive or its key cannot be opened');
  }
}
