import { resolve } from 'node:path';
import { UsageError, optionalText } from '../command.ts';
import type { OptionSpec, Surroundings, Values } from '../command.ts';
import { readAddress } from '../read-address.ts';

/** The address holds a password: it is never an argument. */
export const URL_FILE_OPTION = {
  'url-file': {
    type: 'string',
    value: 'FILE',
    help: 'A file with postgresql://vault_migrate:…@HOST:PORT/vault, for its owner alone; default: the environment’s MIGRATE_DATABASE_URL.',
  },
} as const satisfies Record<string, OptionSpec>;

/** The address of the vault's database for its owner. Throws UsageError when none was given. */
export async function ownerUrl(values: Values, surroundings: Surroundings): Promise<string> {
  const file = optionalText(values, 'url-file');
  if (file !== undefined) return readAddress(resolve(surroundings.workingDirectory, file));
  if (surroundings.migrateDatabaseUrl) return surroundings.migrateDatabaseUrl;
  throw new UsageError('Give --url-file, or set MIGRATE_DATABASE_URL.');
}
