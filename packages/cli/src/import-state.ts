import { readFile } from 'node:fs/promises';
import { newIdempotencyKey } from '@mnv/client';
import { replaceFile } from '@mnv/durable-files';
import { CommandError } from './command.ts';

const OWNER_ONLY = 0o600;

/** How far an import has come. Kept next to the file, so that the same command again goes on from there. */
export type ImportState = {
  version: 1;
  /** Names the import to the service: a row sent twice under it is stored once. */
  importId: string;
  tenant: string;
  proxyOrigin: string;
  /** Who verified the numbers; sent with every row, so another person's rows would not be the same ones. */
  verifiedBy: string;
  chunkSize: number;
  /** Rows after the header whose outcome is known and written down. */
  rowsDone: number;
  stored: number;
  rejected: number;
  /** Length of the rejects file that belongs to `rowsDone`; what lies beyond is from a crash. */
  rejectsBytes: number;
  /** Stored rows whose number is held for another person too, and the length of the file that lists them. */
  warned: number;
  warningsBytes: number;
  /** Stored rows whose number was not compared. */
  notCompared: number;
  /** SHA-256 over the rows done without their numbers (base64url): a digest that a number could be guessed from is a number. */
  rowsDigest: string;
  completed: boolean;
};

const NO_WARNINGS = { warned: 0, warningsBytes: 0, notCompared: 0 };
const NOTHING_DONE = { rowsDone: 0, stored: 0, rejected: 0, rejectsBytes: 0, ...NO_WARNINGS };

type Identity = Pick<ImportState, 'tenant' | 'proxyOrigin' | 'verifiedBy'>;

/** The state of an import begun earlier, or undefined. One of another tenant, service or person is refused. */
export async function readState(file: string, own: Identity): Promise<ImportState | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = stateFrom(text, file);
  if (state.tenant !== own.tenant || state.proxyOrigin !== own.proxyOrigin) {
    throw new CommandError(
      `${file} is of an import into another tenant or system; move it away to begin anew.`,
    );
  }
  if (state.verifiedBy !== own.verifiedBy) {
    throw new CommandError(
      `The import was begun by another person, who alone can go on (${file}).`,
    );
  }
  return state;
}

export function newState(own: Identity & Pick<ImportState, 'chunkSize'>): ImportState {
  return {
    version: 1,
    importId: newIdempotencyKey(),
    ...own,
    ...NOTHING_DONE,
    rowsDigest: '',
    completed: false,
  };
}

/** Replaces the state at once and durably: a crash leaves the old one or the new one. */
export async function writeState(file: string, state: ImportState): Promise<void> {
  await replaceFile(file, `${JSON.stringify(state, undefined, 1)}\n`, OWNER_ONLY);
}

function stateFrom(text: string, file: string): ImportState {
  const state = parsedOrUndefined(text) as Partial<ImportState> | undefined | null;
  const sound =
    state?.version === 1 &&
    typeof state.importId === 'string' &&
    typeof state.verifiedBy === 'string' &&
    Number.isSafeInteger(state.rowsDone) &&
    Number.isSafeInteger(state.chunkSize) &&
    Number.isSafeInteger(state.rejectsBytes);
  if (!sound) throw new CommandError(`${file} is not the state of an import.`);
  // Imports begun before there were warnings have none.
  return { ...NO_WARNINGS, ...state } as ImportState;
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
