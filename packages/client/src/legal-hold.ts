/** A legal day of Japan, `YYYY-MM-DD`. */
type Day = string;

export type NewHold = { reason: string; owner: string; reviewOn: Day } & (
  | { scope: 'tenant' }
  | { scope: 'individual'; individuals: string[] }
  | { scope: 'case'; caseId: string; individuals: string[] }
);

export type PlacedHold = {
  holdId: string;
  covered: number;
  /** Records of disposals that were ordered already. */
  frozen: string[];
  /** Too late for so many. */
  erased: number;
  /** Whether the vault knows of it already, and keeps the copies of identity documents; it is told until it does. */
  copiesKept: boolean;
  /** Under way: report the hold to each (`disposals.hold`), so that the vault stops as well. */
  disposals: { disposalId: string; caseId: string; batchHash: string; count: number }[];
};

export type LegalHold = {
  holdId: string;
  scope: NewHold['scope'];
  caseId: string | null;
  individuals: string[];
  reason: string;
  owner: string;
  reviewOn: Day;
  placedAt: string;
  placedBy: string;
  liftedAt: string | null;
  liftedBy: string | null;
  liftReason: string | null;
};
