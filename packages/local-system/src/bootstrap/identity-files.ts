import { join } from 'node:path';
import { keptFile, keptSecret, writePrivateFile } from '../files/private-file.ts';
import { type Directory, newSigningKey } from '../identity-provider/index.ts';
import type { LocalClient } from './client-files.ts';
import type { LocalPerson } from './people-files.ts';

export type IdentityFiles = {
  directoryFile: string;
  signingKeyFile: string;
  cookieKeyFile: string;
};

function directoryOf(people: readonly LocalPerson[], clients: readonly LocalClient[]): Directory {
  return {
    people: people.map(({ passwordFile: _password, signInKeyFile: _key, ...person }) => person),
    clients: clients.map(({ privateJwkFile: _key, ...client }) => client),
  };
}

/** What the identity provider reads: whom it knows, and its own keys. No private key of anybody else. */
export function ensureIdentityFiles(
  directory: string,
  known: { people: readonly LocalPerson[]; clients: readonly LocalClient[] },
): IdentityFiles {
  const files = {
    directoryFile: join(directory, 'directory.json'),
    signingKeyFile: join(directory, 'signing-key.json'),
    cookieKeyFile: join(directory, 'cookie-key'),
  };
  writePrivateFile(files.directoryFile, JSON.stringify(directoryOf(known.people, known.clients)));
  keptFile(files.signingKeyFile, () => JSON.stringify(newSigningKey()));
  keptSecret(files.cookieKeyFile);
  return files;
}
