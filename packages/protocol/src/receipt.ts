import {
  formatTlogProof,
  inclusionProofsOfRange,
  leafHash,
  verifyRange,
} from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import type { AccessEntry } from './access-entry.ts';
import { decodeEntry } from './access-entry.ts';

/**
 * What stays with the client: the entries of its request, their place in the log and the signed checkpoint
 * that covers them. Verifiable offline for as long as the log's key is trusted. Binary values are base64.
 */
export type Receipt = {
  first: number;
  n: number;
  entries: string[];
  proof: string[];
  checkpoint: string;
};

/** A receipt that holds: which log, how large it was, and what it recorded. */
export type VerifiedReceipt = { origin: string; size: number; entries: AccessEntry[] };

/**
 * Verifies a receipt against the logs a policy trusts. Cosignatures are not asked for: a receipt is handed
 * out before witnesses have seen its checkpoint; the log's verification asks for them.
 * @throws Error that names the step which failed
 */
export function verifyReceipt(receipt: Receipt, policy: Policy): VerifiedReceipt {
  const { origin, size, root } = policy.openSigned(receipt.checkpoint);
  const entries = receipt.entries.map((entry) => Buffer.from(entry, 'base64'));
  if (entries.length === 0 || entries.length !== receipt.n)
    throw new Error('the receipt covers no entry');
  const proof = receipt.proof.map((hash) => Buffer.from(hash, 'base64'));
  const leafHashes = entries.map((entry) => leafHash(entry));
  if (!verifyRange({ first: receipt.first, leafHashes, size, root, proof })) {
    throw new Error('the entries of the receipt are not under its checkpoint');
  }
  return { origin, size, entries: entries.map((entry) => decodeEntry(entry)) };
}

/** One `c2sp.org/tlog-proof@v1` text per entry of the receipt, in order. */
export function receiptToTlogProofs(receipt: Receipt, size: number): string[] {
  const leafHashes = receipt.entries.map((entry) => leafHash(Buffer.from(entry, 'base64')));
  const proof = receipt.proof.map((hash) => Buffer.from(hash, 'base64'));
  const inclusion = inclusionProofsOfRange({ first: receipt.first, leafHashes, size, proof });
  return inclusion.map((path, at) =>
    formatTlogProof({ index: receipt.first + at, proof: path, checkpoint: receipt.checkpoint }),
  );
}
