import { createHash } from 'node:crypto';

/**
 * SHA-256 (base64url, 43 characters) over the canonical text of a JSON value (RFC 8785): the same value has the
 * same digest, however its members are ordered and spaced. Throws TypeError for what is no JSON value.
 */
export function digestOfJson(value: unknown): string {
  return createHash('sha256').update(canonicalText(value), 'utf8').digest('base64url');
}

/** Names sorted by UTF-16 code units; numbers and strings as ECMAScript writes them. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`);
    return `{${members.join(',')}}`;
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError('not a JSON value');
  return text;
}
