import { createSecretKey, scrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readPrivateFile } from './private-file.ts';
import type { WrappingKey } from './root-file.ts';
import { RootUnavailableError } from './root-provider.ts';

/** 32 MiB and about 0.1 s: once a process, and once a look while the key opens nothing. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const MIN_KEY_FILE_BYTES = 32;

/**
 * Derives the key that root versions are encrypted under from the key file, once per salt, and keeps it while it
 * opens what it should: a wrong file that is put right again needs no restart.
 */
export function wrappingKey(keyFile: string): WrappingKey {
  let derived: { salt: string; key: Promise<KeyObject> } | undefined;
  return {
    async of({ salt }) {
      if (derived?.salt !== salt)
        derived = { salt, key: derive(keyFile, Buffer.from(salt, 'base64')) };
      try {
        return await derived.key;
      } catch (error) {
        derived = undefined;
        throw error;
      }
    },
    forget({ salt }) {
      if (derived?.salt === salt) derived = undefined;
    },
  };
}

async function derive(keyFile: string, salt: Buffer): Promise<KeyObject> {
  const secret = await readPrivateFile(keyFile);
  if (secret === undefined || secret.length < MIN_KEY_FILE_BYTES) {
    throw new RootUnavailableError('the key file is missing or shorter than 32 bytes');
  }
  const raw = await new Promise<Buffer>((resolve, reject) => {
    scrypt(secret, salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
  const key = createSecretKey(raw);
  raw.fill(0);
  secret.fill(0);
  return key;
}
