import { X509Certificate } from 'node:crypto';
import { oidBytes } from './der.ts';

/** The certificate policy of everything a development authority issues. An arc of 2.25, made from a UUID. */
export const DEVELOPMENT_POLICY_OID = '2.25.156983442019842370523409823740982374099';

const CONTENT = oidBytes(DEVELOPMENT_POLICY_OID);
const ENCODED = Buffer.concat([Buffer.of(0x06, CONTENT.length), CONTENT]);

/**
 * Whether a certificate (PEM or DER) carries the development policy. The encoded identifier is searched in
 * the raw bytes and not through a parser: a certificate that hides it somewhere odd is refused as well.
 * Throws when the input is not a certificate.
 */
export function isDevelopmentCertificate(certificate: string | Buffer): boolean {
  return new X509Certificate(certificate).raw.includes(ENCODED);
}
