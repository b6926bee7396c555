import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson, parseCanonical } from '@mnv/protocol';
import { logVerifierKey } from '@mnv/transparency-log';
import type { Policy, VerifierKey } from '@mnv/transparency-log';
import { CompactSign, compactVerify } from 'jose';
import { certificateShape } from './certificate-format.ts';
import type { DisposalCertificate } from './certificate-format.ts';

/** The file is not a certificate in its one form; `at` names the first member that is not as it must be. */
export class MalformedCertificateError extends Error {
  override readonly name = 'MalformedCertificateError';

  readonly at: string;

  constructor(at: string) {
    super(`not a disposal certificate: ${at}`);
    this.at = at;
  }
}

/** A certificate as it was read: nothing of it is verified yet. */
export type ReadCertificate = {
  readonly jws: string;
  /** The key id of the verifier key that is said to have signed. */
  readonly kid: string;
  readonly certificate: DisposalCertificate;
};

const TYPE = 'mnv-disposal-certificate+jws';
const ALGORITHM = 'EdDSA';
const SIGNATURE_BYTES = 64;
const KEY_ID = /^[0-9a-f]{8}$/;
const MAX_BYTES = 256 * 1024 * 1024;

/** The name of the key that signs a deployment's certificates, as the trust policy has it in a `log` line. */
export function certificateKeyName(deployment: string): string {
  return `${deployment}/certificates`;
}

/** Signs a certificate (compact JWS, Ed25519). Throws MalformedCertificateError for one that cannot be read back. */
export async function signCertificate(
  certificate: DisposalCertificate,
  privateKey: KeyObject,
): Promise<string> {
  const fault = certificateShape.faultIn(certificate, 'certificate');
  if (fault !== undefined) throw new MalformedCertificateError(fault);
  const vkey = logVerifierKey(certificateKeyName(certificate.deployment), privateKey);
  const kid = vkey.split('+')[1] as string;
  return new CompactSign(canonicalJson(certificate))
    .setProtectedHeader(headerOf(kid))
    .sign(privateKey);
}

/** Reads a certificate; attacker-controlled. Throws MalformedCertificateError. One certificate has one text. */
export function readCertificate(file: string | Uint8Array): ReadCertificate {
  if (file.length > MAX_BYTES) throw new MalformedCertificateError('size');
  const jws = (typeof file === 'string' ? file : Buffer.from(file).toString('latin1')).trimEnd();
  const [header, payload, signature, ...rest] = jws.split('.').map(strictBytes);
  if (!header || !payload || signature?.length !== SIGNATURE_BYTES || rest.length > 0)
    throw new MalformedCertificateError('jws');
  const kid = keyIdIn(header);
  const certificate = parsed(payload);
  const fault = certificateShape.faultIn(certificate, 'certificate');
  if (fault !== undefined) throw new MalformedCertificateError(fault);
  return { jws, kid, certificate: certificate as DisposalCertificate };
}

/** Whether the key that the policy names for the certificates of this deployment signed. */
export async function isSignedUnder(read: ReadCertificate, policy: Policy): Promise<boolean> {
  const key = keyIn(policy, certificateKeyName(read.certificate.deployment), read.kid);
  if (key === undefined) return false;
  return compactVerify(read.jws, key.publicKey, { algorithms: [ALGORITHM] }).then(
    () => true,
    () => false,
  );
}

/** What `certificate.issued` records of a certificate: base64url SHA-256 of its text. */
export function digestOfCertificate(jws: string): string {
  return createHash('sha256').update(jws, 'latin1').digest('base64url');
}

/** The name must stand in the policy as it is: a key named above it signs logs, no certificates. */
function keyIn(policy: Policy, name: string, kid: string): VerifierKey | undefined {
  return policy.logs.map(({ key }) => key).find((key) => key.name === name && key.keyId === kid);
}

function headerOf(kid: string) {
  return { alg: ALGORITHM, typ: TYPE, kid };
}

function keyIdIn(header: Buffer): string {
  const { kid } = parsed(header);
  const isKeyId = typeof kid === 'string' && KEY_ID.test(kid);
  if (!isKeyId || !canonicalJson(headerOf(kid)).equals(header))
    throw new MalformedCertificateError('header');
  return kid;
}

function parsed(bytes: Buffer): Record<string, unknown> {
  try {
    return parseCanonical(bytes, { name: 'a certificate', maxBytes: MAX_BYTES });
  } catch {
    throw new MalformedCertificateError('canonical JSON');
  }
}

/** Padding bits that do not round-trip are refused: nobody can change the text and keep the meaning. */
function strictBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length === 0 || bytes.toString('base64url') !== text)
    throw new MalformedCertificateError('base64url');
  return bytes;
}
