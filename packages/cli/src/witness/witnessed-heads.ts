import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, makeDirectoriesIn } from '@mnv/durable-files';

/** The checkpoint of a log that was cosigned last, and its place in the order of cosignings. */
export type LastHead = { turn: number; note: string };

export type WitnessedHeads = {
  /** Undefined for a log that was never cosigned. */
  last(origin: string): Promise<LastHead | undefined>;
  /**
   * Makes `note` the last one durably, if the last one is still that of `turn` (0 = none). False when it is
   * not: somebody else cosigned in between, in this process or another one on the same directory.
   */
  advance(origin: string, turn: number, note: string): Promise<boolean>;
};

const KEPT_TURNS = 2;
const OWNER_ONLY = { directory: 0o700, file: 0o600 };
const TURN = /^[0-9]{16}$/;

/**
 * The witness's memory: one directory per log, one file per cosigning. The next file's name is taken once,
 * so no lock is needed; who took a name that had been cleared away already sees the newer one beside it.
 */
export function witnessedHeads(directory: string): WitnessedHeads {
  const makeDirectory = makeDirectoriesIn(directory, OWNER_ONLY.directory);
  const folderOf = (origin: string) =>
    join(directory, createHash('sha256').update(origin).digest('hex'));
  const fileOf = (origin: string, turn: number) =>
    join(folderOf(origin), String(turn).padStart(16, '0'));

  return {
    last: async (origin) => {
      const turn = (await turnsIn(folderOf(origin))).at(-1);
      if (turn === undefined) return undefined;
      return { turn, note: await readFile(fileOf(origin, turn), 'utf8') };
    },
    advance: async (origin, turn, note) => {
      await makeDirectory(folderOf(origin));
      const file = fileOf(origin, turn + 1);
      if (!(await createFile(file, note, OWNER_ONLY.file))) return false;
      const turns = await turnsIn(folderOf(origin));
      if (turns.at(-1) !== turn + 1) {
        await rm(fileOf(origin, turn + 1), { force: true });
        return false;
      }
      const outlived = turns.slice(0, -KEPT_TURNS);
      await Promise.all(outlived.map((old) => rm(fileOf(origin, old), { force: true })));
      return true;
    },
  };
}

async function turnsIn(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => TURN.test(name))
      .sort()
      .map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
