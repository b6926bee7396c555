const COORDINATE_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * A P-256 signature r‖s (RFC 7518 §3.4) as the DER of RFC 3279 §2.2.3; undefined when it is not 64 bytes.
 * The lengths fit into one byte each.
 */
export function ecdsaSignatureAsDer(signature: Uint8Array): Buffer | undefined {
  if (signature.length !== 2 * COORDINATE_BYTES) return undefined;
  const r = integer(signature.subarray(0, COORDINATE_BYTES));
  const s = integer(signature.subarray(COORDINATE_BYTES));
  return Buffer.concat([Buffer.of(SEQUENCE, r.length + s.length), r, s]);
}

/** A positive integer in its shortest form: no leading zero byte but the one that keeps it positive. */
function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.of(0) : bytes.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.concat([Buffer.of(INTEGER, digits.length + sign.length, ...sign), digits]);
}
