import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError, optionalText } from '../command.ts';
import type { OptionSpec, Surroundings, Values } from '../command.ts';

/** The address holds a password: it is never an argument. */
export const URL_FILE_OPTION = {
  'url-file': {
    type: 'string',
    value: 'FILE',
    help: 'A file with postgresql://vault_migrate:…; default: the environment’s MIGRATE_DATABASE_URL.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The address of the vault's database for its owner. Throws UsageError when none was given. */
export async function ownerUrl(values: Values, surroundings: Surroundings): Promise<string> {
  const file = optionalText(values, 'url-file');
  if (file !== undefined) {
    return (await readFile(resolve(surroundings.workingDirectory, file), 'utf8')).trim();
  }
  if (surroundings.migrateDatabaseUrl) return surroundings.migrateDatabaseUrl;
  throw new UsageError('Give --url-file, or set MIGRATE_DATABASE_URL.');
}
