export { combineRules } from './combine-rules.ts';
export type { Block, Claim, Ground, Life } from './combine-rules.ts';
export type { ControlMapping } from './control-mapping.ts';
export { LAW, PURPOSES, findPurpose } from './current-law.ts';
export { LAW_DATA } from './data/law-data.ts';
export type { LawDocument } from './document.ts';
export { explain } from './explain-rule.ts';
export type { Explanation, RuleQuestion } from './explain-rule.ts';
export { findVerificationDuty, verificationMethodsOn } from './find-verification.ts';
export type { DutyQuestion } from './find-verification.ts';
export { isVerifiedByEmployer, lastDayOfImage, ruleOfImages } from './identity-images.ts';
export { findLayout, isFillable } from './find-layout.ts';
export type { LayoutQuestion } from './find-layout.ts';
export type { FormLayout, NumberColumn } from './form-layout.ts';
export { LawError } from './law-error.ts';
export type { LawErrorCode } from './law-error.ts';
export type { Book, Law, LawData } from './law.ts';
export { dayAfter, dayBefore, isLegalDay } from './legal-day.ts';
export type { LegalDay } from './legal-day.ts';
export { lifeOfRecord } from './life-of-record.ts';
export type { RecordHistory, RecordLife } from './life-of-record.ts';
export type { Supersession } from './life-of-superseded.ts';
export { livesOfDocuments } from './lives-of-documents.ts';
export type { DocumentLife } from './lives-of-documents.ts';
export { relationOf } from './relation.ts';
export type { Standing } from './relation.ts';
export { settleEvents } from './settle-events.ts';
export { loadLaw } from './load-law.ts';
export { narrowPurposes } from './narrow-purposes.ts';
export type { Narrowing, PurposeLimits } from './narrow-purposes.ts';
export { firstCountedDay, lastDayOf } from './period.ts';
export { CONFIDENCES } from './provenance.ts';
export type { Confidence, Provenance } from './provenance.ts';
export { PURPOSE_OPERATIONS, PURPOSE_SUBJECTS } from './purpose.ts';
export type { Purpose, PurposeOperation, PurposeSubject, Season } from './purpose.ts';
export type {
  Correction,
  DestructionEvent,
  DocumentEvent,
  OmissionEvent,
  PurposeEvent,
  RecordEvent,
  RecordFact,
  RelationEvent,
  RelationKind,
} from './record-event.ts';
export type { ClockStart, Period, RetentionClock, RetentionRule } from './retention-rule.ts';
export type { Safeguard } from './safeguard.ts';
export { isInSeason } from './season.ts';
export type { IdentityCheck, NumberCheck, VerificationDuty } from './verification-method.ts';
export { VERIFICATION_CHANNELS } from './verification-method.ts';
export type { VerificationChannel } from './verification-method.ts';
export { whyNotPermitted } from './why-not-permitted.ts';
export type { IntendedUse, UseRefusal } from './why-not-permitted.ts';
