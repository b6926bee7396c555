import { readFile, stat } from 'node:fs/promises';
import { CommandError } from './command.ts';

const OTHERS = 0o077;

/** The address of a database, which holds a password. Throws CommandError when others than the owner may use the file. */
export async function readAddress(file: string): Promise<string> {
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0)
    throw new CommandError('The file with the address is open to others: chmod 600 it.');
  return (await readFile(file, 'utf8')).trim();
}
