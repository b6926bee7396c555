/** Whose number: employee, dependant, category-3 insured spouse, payee, shareholder (bango-ho list of subjects). */
export const SUBJECTS = ['E', 'D', 'S3', 'P', 'H'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** How the number itself was checked (番号確認): card, notice card, residence certificate … */
export const NUMBER_CHECKS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7'] as const;
/** How the person was checked (身元確認). */
export const IDENTITY_CHECKS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6'] as const;
export const CHANNELS = ['face-to-face', 'mail', 'online', 'phone'] as const;

/**
 * What is told of a number that was stored all the same: the tenant holds it for another person as well; or it
 * was not compared, and the nightly sweep will tell.
 */
export const STORE_WARNINGS = ['held-for-another-person', 'duplicates-not-checked'] as const;
export type StoreWarning = (typeof STORE_WARNINGS)[number];

/** Why a record got another number: the municipality gave a new one (番号変更), or it was mistyped. */
export const CHANGE_REASONS = ['changed', 'corrected'] as const;
export type ChangeReason = (typeof CHANGE_REASONS)[number];

/** That another record holds the individual's number now. */
export type Superseded = {
  by: string;
  reason: ChangeReason;
  /** Legal day from which the other number holds. */
  from: string;
};

export type Verification = {
  numberCheck: (typeof NUMBER_CHECKS)[number];
  identityCheck: (typeof IDENTITY_CHECKS)[number];
  channel: (typeof CHANNELS)[number];
  proxy?: string;
  verifiedBy: string;
  /** Legal day, `YYYY-MM-DD`. */
  verifiedOn: string;
};

/** What is known of a record without opening it. */
export type RecordMetadata = {
  recordId: string;
  individualRef: string;
  subject: Subject;
  relatedRef?: string;
  purposes: string[];
  verification: Verification;
  noticeVersion: string;
  /** RFC 3339, UTC. */
  storedAt: string;
  superseded?: Superseded;
};
