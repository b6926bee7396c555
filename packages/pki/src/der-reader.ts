/** One element of a DER text: its tag byte, its content, and all its bytes. */
export type Element = { tag: number; content: Buffer; raw: Buffer };

/**
 * The elements of a DER text, attacker-controlled. Lengths must be definite and minimal, and fill the text
 * exactly. Throws TypeError otherwise.
 */
export function readElements(der: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const element = readElement(der.subarray(at));
    elements.push(element);
    at += element.raw.length;
  }
  return elements;
}

function readElement(der: Buffer): Element {
  const [tag = 0, first] = der;
  if (first === undefined || (tag & 0x1f) === 0x1f) throw malformed();
  const { start, length } =
    first < 0x80 ? { start: 2, length: first } : longLength(der, first & 0x7f);
  if (der.length < start + length) throw malformed();
  const raw = der.subarray(0, start + length);
  return { tag, content: raw.subarray(start), raw };
}

/** The long form: `size` bytes of length, with no leading zero, and only where the short form cannot. */
function longLength(der: Buffer, size: number): { start: number; length: number } {
  if (size === 0 || size > 3 || der.length < 2 + size) throw malformed();
  const length = der.readUIntBE(2, size);
  if (length < (size === 1 ? 0x80 : 256 ** (size - 1))) throw malformed();
  return { start: 2 + size, length };
}

const malformed = () => new TypeError('not DER');
