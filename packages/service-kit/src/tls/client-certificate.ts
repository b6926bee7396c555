import type { KeyObject } from 'node:crypto';
import { X509Certificate, createHash } from 'node:crypto';
import { Refusal } from '@mnv/core';

const REMEMBERED = 1000;

/** What a request needs of a client certificate that another service passes on. */
export type ClientCertificate = { x5t: string; publicKey: KeyObject };
export type ReadCertificate = (der: Buffer, now: number) => ClientCertificate;

type Remembered = ClientCertificate & { validFrom: number; validTo: number };

/**
 * Reads certificates and remembers the last ones by their hash. Trust does not come from the chain here: the
 * issuer bound the access token to this very certificate (RFC 8705 §3), so its key is the client's key. Only
 * the validity period is checked, on every call.
 */
export function makeReadCertificate(): ReadCertificate {
  const remembered = new Map<string, Remembered>();
  return (der, now) => {
    const x5t = createHash('sha256').update(der).digest('base64url');
    const known = remembered.get(x5t) ?? read(der, x5t);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(x5t, known);
    if (now < known.validFrom || now > known.validTo) throw invalid();
    return known;
  };
}

function read(der: Buffer, x5t: string): Remembered {
  try {
    const certificate = new X509Certificate(der);
    return {
      x5t,
      publicKey: certificate.publicKey,
      validFrom: Date.parse(certificate.validFrom),
      validTo: Date.parse(certificate.validTo),
    };
  } catch {
    throw invalid();
  }
}

function invalid(): Refusal {
  return new Refusal('token-invalid', 'The client certificate is not valid.');
}
