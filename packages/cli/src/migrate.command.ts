import { resolve } from 'node:path';
import { UsageError, optionalText, textOf } from './command.ts';
import type { Command, Surroundings, Values } from './command.ts';
import { migrate } from './migrate.ts';
import { numbered } from './migration-files.ts';
import { readAddress } from './read-address.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../../migrations');
const DATABASE = /^[a-z]{1,20}$/;

/** Brings one database to the newest version. The address holds a password: it is never an argument. */
export const MIGRATE: Command = {
  name: 'migrate',
  summary: 'Apply the migrations a database lacks; forward only, each in one transaction.',
  options: {
    database: { type: 'string', value: 'NAME', help: 'vault, access, disposal.', required: true },
    'url-file': {
      type: 'string',
      value: 'FILE',
      help: 'A file with postgresql://<database>_migrate:…, for its owner alone; default: the environment’s MIGRATE_DATABASE_URL.',
    },
    directory: {
      type: 'string',
      value: 'DIR',
      help: 'Where the steps are; default: migrations/NAME.',
    },
  },
  run: async ({ values }, surroundings) => {
    const database = textOf(values, 'database');
    if (!DATABASE.test(database))
      throw new UsageError('A database is called vault, access or the like.');
    const dsn = await databaseUrl(values, surroundings);
    const named = optionalText(values, 'directory');
    const directory =
      named === undefined
        ? resolve(MIGRATIONS, database)
        : resolve(surroundings.workingDirectory, named);
    const applied = await migrate({ dsn, directory });
    for (const { version, name } of applied) surroundings.out(`${numbered(version)}-${name}\n`);
    surroundings.out(`適用 / applied ${applied.length}\n`);
    return 0;
  },
};

async function databaseUrl(values: Values, surroundings: Surroundings): Promise<string> {
  const file = optionalText(values, 'url-file');
  if (file !== undefined) return readAddress(resolve(surroundings.workingDirectory, file));
  if (surroundings.migrateDatabaseUrl) return surroundings.migrateDatabaseUrl;
  throw new UsageError('Give --url-file, or set MIGRATE_DATABASE_URL.');
}
