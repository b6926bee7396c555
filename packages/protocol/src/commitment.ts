import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const NONCE_BYTES = 32;

/** What a log says of something it must not tell, and the nonce that opens it later. Both base64url. */
export type Commitment = { commitment: string; nonce: string };

/**
 * Commits to a secret: SHA-256 over a fresh nonce and the secret. Without the nonce nobody can tell what it
 * is of, however few secrets are possible; whoever has both cannot say it was another.
 */
export function commitTo(secret: string): Commitment {
  const nonce = randomBytes(NONCE_BYTES);
  return {
    commitment: commitmentOf(nonce, secret).toString('base64url'),
    nonce: nonce.toString('base64url'),
  };
}

/** Whether a commitment is of this secret, by its nonce. */
export function opensCommitment({ commitment, nonce }: Commitment, secret: string): boolean {
  const bytes = Buffer.from(nonce, 'base64url');
  // The nonce has a fixed length, or one could be moved into the secret.
  if (bytes.length !== NONCE_BYTES) return false;
  const claimed = Buffer.from(commitment, 'base64url');
  const right = commitmentOf(bytes, secret);
  return claimed.length === right.length && timingSafeEqual(claimed, right);
}

function commitmentOf(nonce: Buffer, secret: string): Buffer {
  return createHash('sha256').update(nonce).update(secret, 'utf8').digest();
}
