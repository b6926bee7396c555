import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { logVerifierKey } from '@mnv/transparency-log';
import { keptFile, writePrivateFile } from '../files/private-file.ts';
import type { DataLayout } from './data-layout.ts';

function newLogKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * The key that signs the checkpoints of all access logs of the deployment, and the policy file by which
 * vault, clients and auditors know it, and the external witness. One line stands for every log at `<deployment>/access/<log id>`.
 */
export function ensureLogKey(
  layout: DataLayout,
  { deployment, witness }: { deployment: string; witness: { vkey: string; url: string } },
): { keyFile: string } {
  const keyFile = join(layout.logKey, 'access-log-key.pem');
  const key = createPrivateKey(keptFile(keyFile, newLogKeyPem));
  const verifierKey = logVerifierKey(`${deployment}/access`, key);
  // A receipt is answered before a witness can have seen its checkpoint: the quorum stays with the reader.
  const witnessLine = `witness local ${witness.vkey} ${witness.url}`;
  writePrivateFile(layout.policyFile, `log ${verifierKey}\n${witnessLine}\nquorum none\n`);
  return { keyFile };
}
