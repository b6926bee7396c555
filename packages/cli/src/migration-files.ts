import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const FILE_NAME = /^(\d{4})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/;

/** One numbered step. `sha256` is the hex digest of the file's bytes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly sql: string;
}

/**
 * The migrations of a directory in order: `NNNN-name.sql`, from 0001 without a gap or a number taken twice.
 * A `.sql` file of another name is an error, because forgetting a step is worse than refusing to start.
 */
export async function migrationFiles(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(names.map((name) => readMigration(directory, name)));
  migrations.forEach((migration, at) => {
    if (migration.version !== at + 1) {
      throw new Error(`migration ${numbered(at + 1)} is missing or doubled in ${directory}`);
    }
  });
  return migrations;
}

/** How a version is written in a file name: four digits. */
export function numbered(version: number): string {
  return String(version).padStart(4, '0');
}

async function readMigration(directory: string, fileName: string): Promise<Migration> {
  const [, version, name] = FILE_NAME.exec(fileName) ?? [];
  if (version === undefined || name === undefined) {
    throw new Error(`${fileName} is not named NNNN-name.sql`);
  }
  const bytes = await readFile(join(directory, fileName));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { version: Number(version), name, sha256, sql: bytes.toString('utf8') };
}
