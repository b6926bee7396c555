import { receiptToTlogProofs, parseStrictJson, verifyReceipt } from '@mnv/protocol';
import type { AccessEntry, Receipt } from '@mnv/protocol';
import type { Policy } from '@mnv/transparency-log';
import { CommandError } from './command.ts';

/** A receipt that holds, with what it says and one portable proof per entry. */
export type ReceiptVerification = {
  origin: string;
  size: number;
  checked: number;
  entries: (AccessEntry & { index: number })[];
  /** `c2sp.org/tlog-proof@v1`, one per entry. */
  proofs: string[];
};

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Verifies the bytes of a receipt file, offline: a receipt, or an answer that holds one as `receipt`.
 * @throws Error that names the step which failed
 */
export function verifyReceiptFile(bytes: Uint8Array, policy: Policy): ReceiptVerification {
  const { receipt, rids } = receiptIn(bytes);
  const { origin, size, entries } = verifyReceipt(receipt, policy);
  if (entries.some(({ rid }) => rids.some((named) => named !== rid)))
    throw new CommandError('The receipt is of another request than the one the file names.');
  return {
    origin,
    size,
    checked: entries.length,
    entries: entries.map((entry, at) => ({ index: receipt.first + at, ...entry })),
    proofs: receiptToTlogProofs(receipt, size),
  };
}

/** The receipt, and by which request ids the answer around it goes. */
function receiptIn(bytes: Uint8Array): { receipt: Receipt; rids: unknown[] } {
  const value = asObject(parsed(bytes));
  const { first, n, entries, proof, checkpoint } = asObject(value['receipt'] ?? value);
  const sound =
    isCount(first) &&
    isCount(n) &&
    areBase64(entries) &&
    areBase64(proof) &&
    typeof checkpoint === 'string';
  if (!sound) throw new CommandError('The file is not a receipt.');
  const rids = [value['requestId'], value['rid']].filter((rid) => rid !== undefined);
  return { receipt: { first, n, entries, proof, checkpoint }, rids };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: MAX_BYTES });
  } catch {
    throw new CommandError('The file is not one well-formed JSON value.');
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** In its one exact form: a receipt that was touched is not to pass because the decoder overlooks it. */
function areBase64(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item) => typeof item === 'string' && Buffer.from(item, 'base64').toString('base64') === item,
    )
  );
}
