import { digestOfJson } from './json-digest.ts';

/** The case of every signed request about a legal hold; why it is placed or lifted is in no log. */
export const HOLD_CASE = 'LEGAL-HOLD';

/** What is asked: the hold as it is sent, or which one is lifted and why. */
export type HoldChange = { place: object } | { lift: { holdId: string; reason: string } };

/** What a signed request about a hold names instead of records: base64url SHA-256 of exactly this change. */
export function holdChangeDigest(change: HoldChange): string {
  return digestOfJson(change);
}

/** How many persons a hold names that is placed; 1 for a whole tenant, and for a hold that is lifted. */
export function holdChangeCount(change: HoldChange): number {
  const { individuals } = ('place' in change ? change.place : {}) as { individuals?: unknown[] };
  return individuals?.length ?? 1;
}
