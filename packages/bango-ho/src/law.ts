import type { ControlMapping } from './control-mapping.ts';
import type { LawDocument } from './document.ts';
import type { FormLayout } from './form-layout.ts';
import type { Purpose, PurposeSubject } from './purpose.ts';
import type { RetentionClock, RetentionRule } from './retention-rule.ts';
import type { Safeguard } from './safeguard.ts';
import type { IdentityCheck, NumberCheck, VerificationDuty } from './verification-method.ts';

/** The book (帳簿) that lets declarations omit the number: which purpose, document and rule it is. */
export type Book = {
  readonly purpose: string;
  readonly document: string;
  readonly rule: string;
  readonly subjects: readonly PurposeSubject[];
};

/** The whole table of the law, one version of it. Rows of one code are versions of each other. */
export type LawData = {
  /** The day of the state of law the table was written from. */
  readonly version: string;
  readonly purposes: readonly Purpose[];
  readonly documents: readonly LawDocument[];
  readonly clocks: readonly RetentionClock[];
  readonly retentionRules: readonly RetentionRule[];
  readonly numberChecks: readonly NumberCheck[];
  readonly identityChecks: readonly IdentityCheck[];
  readonly verificationDuties: readonly VerificationDuty[];
  readonly safeguards: readonly Safeguard[];
  readonly controls: readonly ControlMapping[];
  readonly layouts: readonly FormLayout[];
  readonly book: Book;
};

declare const checked: unique symbol;

/** A table that {@link loadLaw} has accepted. It is frozen. */
export type Law = LawData & { readonly [checked]: true };
