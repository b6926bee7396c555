import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { RootUnavailableError } from './root-provider.ts';
import type { RootStatus } from './root-provider.ts';

/** One root version as written in the file. */
export type RootEntry = {
  ref: string;
  status: Exclude<RootStatus, 'unknown'>;
  createdAt: number;
  destroyAt?: number;
  /** base64; absent once destroyed. */
  sealedKey?: string;
};

/**
 * Version 1: `salt` (base64) feeds scrypt; each key is AES-256-GCM under the derived key, bound to its ref.
 * `changes` counts the writes of the file.
 */
export type RootFile = { version: 1; salt: string; changes: number; roots: RootEntry[] };

type Salted = Pick<RootFile, 'salt'>;

/** The key that a file's salt and the key file make. */
export type WrappingKey = {
  of(state: Salted): Promise<KeyObject>;
  /** It opened nothing: the next one is made of the key file as it is then. */
  forget(state: Salted): void;
};

/** A missing file is an empty one: the first version makes it. */
export async function readRootFile(path: string, key: WrappingKey): Promise<RootFile> {
  const content = await readPrivateFile(path);
  if (content === undefined) {
    return { version: 1, salt: randomBytes(32).toString('base64'), changes: 0, roots: [] };
  }
  const { seal, ...state } = parse(content);
  const expected = sealOf(await key.of(state), state);
  const given = Buffer.from(String(seal), 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    key.forget(state);
    throw new RootUnavailableError(
      'the key file is not the one this root file was made with, or the root file was altered',
    );
  }
  return state;
}

/** Every write is sealed as a whole, so that no status or date in it can be altered without the key file. */
export async function writeRootFile(
  path: string,
  state: RootFile,
  key: WrappingKey,
): Promise<void> {
  const seal = sealOf(await key.of(state), state).toString('base64');
  await writePrivateFile(path, `${JSON.stringify({ ...state, seal }, null, 2)}\n`);
}

function parse(content: Buffer): RootFile & { seal?: unknown } {
  try {
    // Attacker-controlled until its seal is checked: looked at no further than that needs.
    const state = JSON.parse(content.toString('utf8')) as (RootFile & { seal?: unknown }) | null;
    if (state?.version === 1 && typeof state.salt === 'string' && Array.isArray(state.roots)) {
      return state;
    }
  } catch {
    throw new RootUnavailableError('the root file is damaged: it is not JSON');
  }
  throw new RootUnavailableError('the root file is damaged, or of another version');
}

function sealOf(key: KeyObject, { version, salt, changes, roots }: RootFile): Buffer {
  const sealing = createHmac('sha256', key).update('mnv/root-file/seal/v1').digest();
  const text = JSON.stringify([version, salt, changes, roots]);
  return createHmac('sha256', createSecretKey(sealing)).update(text).digest();
}
