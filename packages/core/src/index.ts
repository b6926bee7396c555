export { IndividualNumber, checkDigitOf, hasRightCheckDigit } from './individual-number.ts';
export {
  OPERATOR_TENANT,
  holdsTwelveDigits,
  isCaseId,
  isIndividualRef,
  isTenantId,
  isUuid,
  looksLikeIndividualNumber,
  uuidBytes,
} from './identifiers.ts';
export { legalDayOf } from './clock.ts';
export type { Clock } from './clock.ts';
export { PROBLEMS, Refusal, isProblemCode } from './refusal.ts';
export type { ProblemCode, ProblemFacts } from './refusal.ts';
export { SCOPES } from './scope.ts';
export type { Scope } from './scope.ts';
export {
  CHANGE_REASONS,
  CHANNELS,
  IDENTITY_CHECKS,
  NUMBER_CHECKS,
  STORE_WARNINGS,
  SUBJECTS,
} from './number-record.ts';
export { DOCUMENT_MEDIA, MAX_DOCUMENTS_A_RECORD, MAX_DOCUMENT_BYTES } from './identity-document.ts';
export type { DocumentMedia, DocumentMetadata, DocumentPeriod } from './identity-document.ts';
export type {
  ChangeReason,
  RecordMetadata,
  StoreWarning,
  Superseded,
  Subject,
  Verification,
} from './number-record.ts';
