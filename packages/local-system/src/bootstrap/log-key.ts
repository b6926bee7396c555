import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { certificateKeyName } from '@mnv/disposal-certificate';
import { logVerifierKey } from '@mnv/transparency-log';
import { keptFile, writePrivateFile } from '../files/private-file.ts';
import type { DataLayout } from './data-layout.ts';

function newLogKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export type LogKeyFiles = {
  accessKeyFile: string;
  controlKeyFile: string;
  certificateKeyFile: string;
};

/**
 * The keys that sign the checkpoints of all access logs, those of the vault's control log and the disposal
 * certificates, and the policy file by which services, clients and auditors know them, and the external
 * witness. One line stands for every log at `<deployment>/access/<log id>`.
 */
export function ensureLogKeys(
  layout: DataLayout,
  { deployment, witness }: { deployment: string; witness: { vkey: string; url: string } },
): LogKeyFiles {
  const access = ensureKey(join(layout.logKey, 'access-log-key.pem'), `${deployment}/access`);
  const control = ensureKey(
    join(layout.controlKey, 'control-log-key.pem'),
    `${deployment}/control`,
  );
  const certificate = ensureKey(
    join(layout.certificateKey, 'certificate-key.pem'),
    certificateKeyName(deployment),
  );
  // A receipt is answered before a witness can have seen its checkpoint: the quorum stays with the reader.
  const witnessLine = `witness local ${witness.vkey} ${witness.url}`;
  const lines = [
    ...[access, control, certificate].map(({ vkey }) => `log ${vkey}`),
    witnessLine,
    'quorum none',
  ];
  writePrivateFile(layout.policyFile, `${lines.join('\n')}\n`);
  return {
    accessKeyFile: access.keyFile,
    controlKeyFile: control.keyFile,
    certificateKeyFile: certificate.keyFile,
  };
}

function ensureKey(keyFile: string, name: string): { keyFile: string; vkey: string } {
  const key = createPrivateKey(keptFile(keyFile, newLogKeyPem));
  return { keyFile, vkey: logVerifierKey(name, key) };
}
