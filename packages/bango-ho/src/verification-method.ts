import type { Provenance } from './provenance.ts';
import type { PurposeSubject } from './purpose.ts';

/** A way to check that the number is right (番号確認), N1 to N7. */
export type NumberCheck = Provenance & {
  readonly code: string;
  readonly nameJa: string;
  readonly nameEn: string;
  /** Null: not limited by what was read. */
  readonly channels: readonly VerificationChannel[] | null;
};

/** A way to check that the person is who they say (身元確認), I1 to I6. */
export type IdentityCheck = Provenance & {
  readonly code: string;
  readonly nameJa: string;
  readonly nameEn: string;
  /** Null: not limited by what was read. */
  readonly channels: readonly VerificationChannel[] | null;
  /** Documents that count, as the law names them. */
  readonly documentsJa: readonly string[];
};

export const VERIFICATION_CHANNELS = ['face-to-face', 'mail', 'online', 'phone'] as const;
export type VerificationChannel = (typeof VERIFICATION_CHANNELS)[number];

/**
 * Who must verify a subject's number for a purpose: the employer's `operator`; the `employee`, who is
 * himself the 個人番号関係事務実施者 for his dependants; or the operator with the employee as `proxy`
 * of the subject.
 */
export type VerificationDuty = Provenance & {
  /** `*` for every purpose that no other row names. */
  readonly purpose: string;
  readonly subject: PurposeSubject;
  readonly requiredBy: 'operator' | 'employee' | 'proxy';
};
