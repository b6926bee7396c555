const TIMESTAMP_LENGTH = 8;
const SIGNATURE_LENGTH = 64;

/** A timestamped_signature of C2SP tlog-cosignature: POSIX seconds and an Ed25519 signature. */
export type Cosignature = { readonly timestamp: number; readonly signature: Uint8Array };

/** What a v1 cosignature signs: two header lines and the whole text of the checkpoint's note. */
export function cosignedMessage(checkpointText: string, timestamp: number): string {
  return `cosignature/v1\ntime ${timestamp}\n${checkpointText}`;
}

/** u64 big-endian seconds, then the signature. */
export function formatCosignature({ timestamp, signature }: Cosignature): Uint8Array {
  const bytes = Buffer.alloc(TIMESTAMP_LENGTH + signature.length);
  bytes.writeBigUInt64BE(BigInt(timestamp));
  bytes.set(signature, TIMESTAMP_LENGTH);
  return bytes;
}

/** Undefined unless it has the one right length and a time before 2^53 seconds. */
export function parseCosignature(bytes: Uint8Array): Cosignature | undefined {
  if (bytes.length !== TIMESTAMP_LENGTH + SIGNATURE_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timestamp = Number(view.getBigUint64(0));
  if (!Number.isSafeInteger(timestamp)) return undefined;
  return { timestamp, signature: bytes.subarray(TIMESTAMP_LENGTH) };
}
