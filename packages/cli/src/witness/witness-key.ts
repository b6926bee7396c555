import { createPrivateKey, type KeyObject } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, makeDirectoriesIn } from '@mnv/durable-files';
import { newWitnessKey, witnessVerifierKey } from '@mnv/transparency-log';
import { CommandError } from '../command.ts';

export type WitnessKey = { name: string; privateKey: KeyObject; vkey: string };

const OWNER_ONLY = 0o600;

/** The key of the witness that keeps its state in `directory`, made on first use. Its name never changes. */
export async function keptWitnessKey(directory: string, name: string): Promise<WitnessKey> {
  await makeDirectoriesIn(directory, 0o700)(directory);
  await chmod(directory, 0o700);
  const keyFile = join(directory, 'witness-key.pem');
  await createFile(
    keyFile,
    newWitnessKey(name).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    OWNER_ONLY,
  );
  await createFile(join(directory, 'name'), `${name}\n`, OWNER_ONLY);
  const kept = (await readFile(join(directory, 'name'), 'utf8')).trimEnd();
  if (kept !== name) {
    throw new CommandError('The witness of this directory has another name; a name is for good.');
  }
  const privateKey = createPrivateKey(await readFile(keyFile));
  return { name, privateKey, vkey: witnessVerifierKey(name, privateKey) };
}
