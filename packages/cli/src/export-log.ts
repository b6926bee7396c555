import { parseCheckpoint, parseNote, pathOf, tileDirectory, tilesOf } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { mapInOrder } from '@mnv/client';
import { CommandError } from './command.ts';

const IN_FLIGHT = 4;

/**
 * Copies a log into a directory. What an earlier export already holds is not fetched again. The checkpoint is
 * written last: a directory whose checkpoint covers tiles that are not there is never left behind. Nothing is
 * verified here; `verify log` does that, with a policy from another hand.
 */
export async function exportLog(
  from: FetchFile,
  directory: string,
): Promise<{ size: number; copied: number }> {
  const { fetch, put } = tileDirectory(directory);
  const checkpoint = await from('checkpoint');
  if (checkpoint === undefined) throw new CommandError('The log has no such checkpoint yet.');
  const { origin, size } = parseCheckpoint(parseNote(checkpoint).text);
  const held = await heldSize(fetch, { origin, size });
  const copy = async (path: string): Promise<void> => {
    const bytes = await from(path);
    if (bytes === undefined) throw new CommandError(`The log lacks ${path}.`);
    await put(path, bytes);
  };
  let copied = 0;
  for await (const _ of mapInOrder(pathsOf(size, held), IN_FLIGHT, copy)) copied += 1;
  await put('checkpoint', checkpoint);
  return { size, copied: copied + 1 };
}

function* pathsOf(size: number, held: number): Generator<string> {
  for (const tile of tilesOf(size, held)) yield pathOf(tile);
}

/** The size that an earlier export completed, 0 for none. Another log in the directory is refused. */
async function heldSize(fetch: FetchFile, now: { origin: string; size: number }): Promise<number> {
  const note = await fetch('checkpoint');
  if (note === undefined) return 0;
  const { origin, size } = parseCheckpoint(parseNote(note).text);
  if (origin !== now.origin) throw new CommandError('The directory holds another log.');
  if (size > now.size)
    throw new CommandError('The directory holds a longer log: the service went back. Keep it.');
  return size;
}
