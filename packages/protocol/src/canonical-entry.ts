const NON_ASCII = /[\u007f-\uffff]/g;

/**
 * The bytes of an entry of a log: JSON with just its members in the order they have, no spaces, ASCII only
 * (other characters as `\uXXXX` in lower case). These bytes are hashed and stored; they are never serialised
 * again.
 */
export function canonicalBytes(entry: object): Buffer {
  return Buffer.from(asciiOnly(JSON.stringify(entry)), 'latin1');
}

/** The same form for a value with objects inside: each with its members in the order they were set. */
export function canonicalJson(value: object): Buffer {
  return Buffer.from(asciiOnly(JSON.stringify(value)), 'latin1');
}

/**
 * Reads entry bytes as an object whose serialisation they are, so that one meaning has one encoding. The
 * members are still to be judged. Attacker-controlled; throws a TypeError that quotes nothing.
 */
export function parseCanonical(
  bytes: Uint8Array,
  { name, maxBytes }: { name: string; maxBytes: number },
): Record<string, unknown> {
  if (bytes.length > maxBytes) throw new TypeError(`${name} is too long`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const value = parsed(text, name);
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} is not an object`);
  if (asciiOnly(JSON.stringify(value)) !== text) throw new TypeError(`${name} is not canonical`);
  return value as Record<string, unknown>;
}

/** A parsed object keeps the order of its text, and so will its serialisation. */
export function hasJustMembers(
  entry: Record<string, unknown>,
  members: readonly string[],
): boolean {
  const names = Object.keys(entry);
  return names.length === members.length && names.every((name, at) => name === members[at]);
}

function asciiOnly(text: string): string {
  return text.replace(
    NON_ASCII,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(`${name} is not JSON`);
  }
}
