import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096;
const PRINTABLE_ASCII = /^[\x21-\x7e]{12,128}$/;

/**
 * What PostgreSQL stores for a password (RFC 5803), made here so that the password itself never reaches a
 * statement, and so never a server log. Printable ASCII only: for it SASLprep (RFC 4013) changes nothing.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  if (!PRINTABLE_ASCII.test(password)) {
    throw new Error('a database password is 12 to 128 printable ASCII characters without spaces');
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}
