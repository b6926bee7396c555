import { resolve } from 'node:path';
import { isIndividualRef, isUuid } from '@mnv/core';
import { CommandError, UsageError } from '../command.ts';
import type { Surroundings, Values } from '../command.ts';
import { decodedParts, detectEncoding } from '../decode-text.ts';

export {
  DISPOSAL_OPTIONS as RETENTION_OPTIONS,
  withPerson,
} from '../disposal/disposal-options.ts';

/** Prints JSON where it was asked for, and words otherwise. */
export function print(
  { values, surroundings }: { values: Values; surroundings: Surroundings },
  result: object,
  inWords: () => string,
): void {
  surroundings.out(values['json'] === true ? `${JSON.stringify(result)}\n` : inWords());
}

/** An id a command was given. Throws UsageError. */
export function idOf([id = '']: readonly string[], what: string): string {
  if (isUuid(id)) return id;
  throw new UsageError(`${what} is named by its id, a UUID.`);
}

/** The keys of people a file names, one a line. Throws CommandError; nothing of a bad line is repeated. */
export async function individualsOfFile(
  file: string,
  { workingDirectory }: Surroundings,
): Promise<string[]> {
  const lines = await linesOfFile(resolve(workingDirectory, file));
  const bad = lines.findIndex((line) => !isIndividualRef(line));
  if (bad >= 0) throw new CommandError(`Line ${bad + 1} is no key of a person.`);
  return lines;
}

/** The record ids a file names, one a line. Throws CommandError. */
export async function recordIdsOfFile(
  file: string,
  { workingDirectory }: Surroundings,
): Promise<string[]> {
  const lines = await linesOfFile(resolve(workingDirectory, file));
  const bad = lines.findIndex((line) => !isUuid(line));
  if (bad >= 0) throw new CommandError(`Line ${bad + 1} is no record id.`);
  return lines;
}

async function linesOfFile(file: string): Promise<string[]> {
  let text = '';
  for await (const part of decodedParts(file, await detectEncoding(file))) text += part;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const named = lines.filter((line) => line !== '');
  if (named.length === 0) throw new CommandError('The file names nobody.');
  return named;
}
