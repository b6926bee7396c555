import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  MalformedCertificateError,
  certificatePage,
  digestOfCertificate,
  readCertificate,
  verifyCertificate,
} from '@mnv/disposal-certificate';
import type { CertificateVerification, ReadCertificate } from '@mnv/disposal-certificate';
import { certificateForReading } from './certificate-for-reading.ts';
import { CommandError, optionalText } from './command.ts';
import type { Command, Values } from './command.ts';
import { readTrustPolicy } from './trust-policy.ts';

/** For whoever files or reads a certificate. Verifying it is another command. */
export const CERTIFICATE_SHOW: Command = {
  name: 'certificate show',
  summary: 'Show what a disposal certificate says, as text or as a page to print.',
  details: 'With --policy every claim on the page bears its verdict; without, nothing is verified.',
  positionals: ['FILE'],
  options: {
    html: {
      type: 'string',
      value: 'FILE',
      help: 'Write a page to print (A4) there, instead of text.',
    },
    policy: { type: 'string', value: 'FILE', help: 'Verify it too, under this trust policy.' },
  },
  run: async ({ values, positionals: [file = ''] }, { workingDirectory, out }) => {
    const bytes = await readFile(resolve(workingDirectory, file));
    const { certificate, jws } = readOrRefuse(bytes);
    const verification = await verifiedIfAsked(bytes, values, workingDirectory);
    const digest = digestOfCertificate(jws);
    const page = optionalText(values, 'html');
    if (page === undefined) out(certificateForReading(certificate, { digest, ...verification }));
    else
      await writeFile(
        resolve(workingDirectory, page),
        certificatePage(certificate, { digest, ...verification }),
      );
    return verification.verification?.ok === false ? 1 : 0;
  },
};

async function verifiedIfAsked(
  bytes: Uint8Array,
  values: Values,
  workingDirectory: string,
): Promise<{ verification?: CertificateVerification }> {
  const file = optionalText(values, 'policy');
  if (file === undefined) return {};
  const policy = await readTrustPolicy(resolve(workingDirectory, file));
  return { verification: await verifyCertificate(bytes, { policy }) };
}

function readOrRefuse(bytes: Uint8Array): ReadCertificate {
  try {
    return readCertificate(bytes);
  } catch (error) {
    if (error instanceof MalformedCertificateError)
      throw new CommandError('廃棄証明書ではない / The file is not a disposal certificate.');
    throw error;
  }
}
