/**
 * The encoded identifier of the development certificate policy (OBJECT IDENTIFIER, tag and length first).
 * A service has no part of the package that issues certificates in it, so the bytes stand here; a test holds
 * the two together.
 */
const POLICY = Buffer.from('06146981ec99f4d0daadffaa8ec6ab8de796a2cadd53', 'hex');

/** Whether the raw certificate carries the development policy, wherever it stands. */
export function isMarkedForDevelopment(der: Buffer): boolean {
  return der.includes(POLICY);
}
