import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ecdsaSignatureAsDer } from './ecdsa-signature-as-der.ts';

export type RequestAlgorithm = 'ES256' | 'PS256';
type SigningKey = { key: KeyObject; alg: RequestAlgorithm };

/** RFC 7518 §3.5: PSS with a salt as long as the hash. */
const PS256 = { padding: 6 /* RSA_PKCS1_PSS_PADDING */, saltLength: 32 };

/** The one algorithm for a key, or undefined when there is none. */
export function algorithmOf(key: KeyObject): RequestAlgorithm | undefined {
  if (key.asymmetricKeyType === 'rsa') return 'PS256';
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

/** A JWS signature; of ES256 in the form r‖s (RFC 7518 §3.4). */
export function signatureOver(bytes: Buffer, { key, alg }: SigningKey): Buffer {
  const form = alg === 'ES256' ? ({ dsaEncoding: 'ieee-p1363' } as const) : PS256;
  return sign('sha256', bytes, { key, ...form });
}

/**
 * Verified on a thread besides: it is the dearest step of a request, and the one thread of a service has all
 * requests to serve. An ECDSA signature is given to node as DER, so that the key can be given bare: a key
 * inside of an object with options costs node up to a third of the verification again.
 */
export function isSignatureOver(
  bytes: Buffer,
  signature: Buffer,
  by: SigningKey,
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const settle = (error: Error | null, holds: boolean) => (error ? reject(error) : resolve(holds));
  if (by.alg === 'PS256') {
    verify('sha256', bytes, { key: by.key, ...PS256 }, signature, settle);
    return promise;
  }
  const der = ecdsaSignatureAsDer(signature);
  if (der === undefined) resolve(false);
  else verify('sha256', bytes, by.key, der, settle);
  return promise;
}
