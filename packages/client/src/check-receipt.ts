import { verifyReceipt } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import type { DisclosurePurpose, RequestReceipt } from './disclosure.ts';

/** What a receipt must bear out: this request, these records, this purpose. */
export type ReceiptClaim = RequestReceipt & { purpose: DisclosurePurpose };

/** @throws ReceiptError when the receipt does not prove the claim */
export type CheckReceipt = (claim: ReceiptClaim) => void;

/** The log's evidence does not hold: keep the answer, stop, and raise an alarm. Names the step that failed. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}

/**
 * Checks each receipt against the pinned keys of the logs: signature, place of the entries in the tree, and
 * that they say what was asked.
 */
export function checkAgainst(verifierKeyOf: (origin: string) => string | undefined): CheckReceipt {
  return (claim) => {
    const origin = claim.receipt.checkpoint.split('\n', 1)[0] ?? '';
    const verifierKey = verifierKeyOf(origin);
    if (verifierKey === undefined)
      throw new ReceiptError('The log of the receipt is not in the trust policy.');
    requireBorneOut(claim, verified(claim, verifierKey));
  };
}

function verified(claim: ReceiptClaim, verifierKey: string): AccessEntry[] {
  try {
    return verifyReceipt(claim.receipt, verifierKey).entries;
  } catch (error) {
    throw new ReceiptError(error instanceof Error ? error.message : 'The receipt does not verify.');
  }
}

function requireBorneOut(claim: ReceiptClaim, entries: AccessEntry[]): void {
  const borneOut =
    entries.length === claim.recordIds.length &&
    entries.every(
      (entry, at) =>
        entry.k === 'intent' &&
        entry.rid === claim.requestId &&
        entry.rec === claim.recordIds[at] &&
        entry.pur === claim.purpose.purpose &&
        entry.case === claim.purpose.caseId,
    );
  if (!borneOut) throw new ReceiptError('The entries of the receipt do not say what was asked.');
}
