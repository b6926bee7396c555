import { verifyReceipt } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import type { DisclosurePurpose, RequestReceipt } from './disclosure.ts';
import { ReceiptError } from './receipt-error.ts';

/** What a receipt must bear out: this request, these records, this purpose. */
export type ReceiptClaim = RequestReceipt & { tenant: string; purpose: DisclosurePurpose };

/** @throws ReceiptError when the receipt does not prove the claim */
export type CheckReceipt = (claim: ReceiptClaim) => void;

/**
 * Checks each receipt against the pinned keys of the logs, and that its entries say what was asked. The policy
 * is a C2SP tlog-policy text; one `log` line covers the logs directly below its name.
 */
export function checkAgainst(trustPolicy: string): CheckReceipt {
  const policy = parsePolicy(trustPolicy, { origins: 'key-name-or-below' });
  return (claim) => requireBorneOut(claim, entriesOf(claim, policy));
}

function entriesOf(claim: ReceiptClaim, policy: Policy): AccessEntry[] {
  try {
    return verifyReceipt(claim.receipt, policy).entries;
  } catch (error) {
    const step = error instanceof Error ? error.message : 'unknown reason';
    throw new ReceiptError(`The receipt does not hold: ${step}.`);
  }
}

function requireBorneOut(claim: ReceiptClaim, entries: AccessEntry[]): void {
  const { recordIds } = claim;
  const borneOut =
    entries.length === recordIds.length &&
    entries.every((entry, at) => entry.rec === recordIds[at] && saysWhatWasAsked(claim, entry));
  if (!borneOut) throw new ReceiptError('The entries of the receipt do not say what was asked.');
}

function saysWhatWasAsked(
  { requestId, tenant, purpose }: ReceiptClaim,
  entry: AccessEntry,
): boolean {
  return (
    entry.k === 'intent' &&
    entry.rid === requestId &&
    entry.ten === tenant &&
    entry.pur === purpose.purpose &&
    entry.case === purpose.caseId
  );
}
