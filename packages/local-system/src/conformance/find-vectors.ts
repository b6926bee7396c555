import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The JSON files below a directory, as paths from it with `/`, in a stable order. */
export function findVectors(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
