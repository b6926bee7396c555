import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority } from '@mnv/pki';
import { writePrivateFile } from '../files/private-file.ts';

export type LocalAuthority = Authority & { certificateFile: string };

/**
 * The certificate authority of one data directory, made on first use. DEVELOPMENT ONLY: its subject says
 * so, and its critical policy makes every service outside the development profile refuse it.
 */
export function openDevelopmentAuthority(directory: string, deployment: string): LocalAuthority {
  const certificateFile = join(directory, 'ca.pem');
  const keyFile = join(directory, 'ca-key.pem');
  if (!existsSync(certificateFile)) {
    const made = createAuthority({ deployment, profile: 'development' });
    const key = made.privateKey.export({ type: 'pkcs8', format: 'pem' });
    // Key before certificate: a crash between the two leaves nothing that is trusted already.
    writePrivateFile(keyFile, key.toString());
    writePrivateFile(certificateFile, made.certificatePem);
  }
  return {
    certificatePem: readFileSync(certificateFile, 'utf8'),
    privateKey: createPrivateKey(readFileSync(keyFile)),
    certificateFile,
  };
}
