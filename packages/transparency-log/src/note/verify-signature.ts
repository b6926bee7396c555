import { verify } from 'node:crypto';
import { cosignedMessage, parseCosignature } from './cosigned-message.ts';
import type { SignatureType, VerifierKey } from './verifier-key.ts';

/** A signature that holds, with what it states beyond the text. */
export type SignatureFacts = {
  /** POSIX seconds of a cosignature. */
  readonly timestamp?: number;
};

type Check = (key: VerifierKey, text: string, signature: Uint8Array) => SignatureFacts | undefined;

const CHECKS: Record<SignatureType, Check> = {
  ed25519: (key, text, signature) => {
    const holds = verify(null, Buffer.from(text), key.publicKey, signature);
    return holds ? {} : undefined;
  },
  'cosignature-v1': (key, text, signature) => {
    const parsed = parseCosignature(signature);
    if (parsed === undefined) return undefined;
    const message = Buffer.from(cosignedMessage(text, parsed.timestamp));
    const holds = verify(null, message, key.publicKey, parsed.signature);
    return holds ? { timestamp: parsed.timestamp } : undefined;
  },
};

/** What a signature by this key states about the text, or undefined if it does not hold. */
export function checkSignature(
  key: VerifierKey,
  text: string,
  signature: Uint8Array,
): SignatureFacts | undefined {
  return CHECKS[key.type](key, text, signature);
}
