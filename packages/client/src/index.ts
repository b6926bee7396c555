export { createClient } from './create-client.ts';
export type { Client, ClientOptions } from './create-client.ts';
export type { Identity } from './connection.ts';
export type { NewRecord } from './number-record.ts';
export type { NumberChange } from './change-number.ts';
export type { DisclosureAsk } from './disclose.ts';
export { chunkKey, newIdempotencyKey } from './idempotency-key.ts';
export type { StoreOptions, Stored, StoredRecord } from './store-records.ts';
export type { Duplicates } from './find-duplicates.ts';
export type { DuplicateCheckProgress } from './prepare-duplicate-check.ts';
export type {
  BatchDisclosure,
  DisclosedNumber,
  DisclosurePurpose,
  RequestReceipt,
} from './disclosure.ts';
export type { LawAdoption, LawSimulation, LawTables, SimulationResult, TenantLaw } from './law.ts';
export type { LegalHold, NewHold, PlacedHold } from './legal-hold.ts';
export type {
  RecordedRefusalStep,
  RefusalCourse,
  RefusalFact,
  RefusalStep,
  Refusals,
} from './refusals.ts';
export type {
  DryRun,
  DueRecord,
  LifeSpan,
  RecordLife,
  RegisteredFile,
  Retention,
  RetentionDecision,
  RetentionEvent,
  RetentionFact,
  RetentionRun,
  RetentionTask,
  ToldEvent,
} from './retention.ts';
export type {
  CarriedEnd,
  CarriedItem,
  KeptCarriedItem,
  NewSubcontractorDeletion,
  Registers,
  SubcontractorCertificate,
  SubcontractorDeletion,
} from './registers.ts';
export type {
  DeliveredCertificate,
  Disposal,
  DisposalBatch,
  Disposals,
  RecordToDispose,
} from './disposal.ts';
export { REGISTER_KINDS } from './export-register.ts';
export type { AccessListEntry, AskedRegister, RegisterKind } from './export-register.ts';
export type { DiscloseAllOptions } from './disclose-all.ts';
export type {
  AccessReport,
  AccessReportRow,
  IndexedEntry,
  Period,
} from './access-report.ts';
export type { AccessReportSummary } from './summarise-accesses.ts';
export type { ReadLogPath } from './log-reader.ts';
export type { RememberedRelease } from './read-releases.ts';
export type { Administration, Assignment, Tenant, Training } from './administration.ts';
export {
  clientCredentials,
  personExchange,
  subjectTokenBySignInKey,
} from './token-endpoint.ts';
export type { TokenEndpoint } from './token-endpoint.ts';
export type { IssuedToken, TokenAsk, TokenSource } from './token-source.ts';
export { ProblemError } from './problem-error.ts';
export type { Problem } from './problem-error.ts';
export { TransportError } from './transport-error.ts';
export type { TransportFailure } from './transport-error.ts';
export { BatchStoppedError } from './batch-stopped-error.ts';
export { SessionEndedError } from './session-ended-error.ts';
export { TokenRefusedError } from './token-refused-error.ts';
export { ReceiptError } from './receipt-error.ts';
export { receiptToTlogProofs } from '@mnv/protocol';
export type { Receipt } from '@mnv/protocol';
export { DEFAULT_RETRY } from './retry.ts';
export type { RetryPolicy } from './retry.ts';
export { mapInOrder } from './map-in-order.ts';
export { chunksOf } from './run-batch.ts';
export type { Chunk } from './run-batch.ts';
export type {
  KeyTreeExport,
  Reconciliation,
  RestoreFindings,
  RestoreState,
  Rotation,
} from './restore.ts';
export type {
  DisclosedIdentityDocument,
  IdentityDocumentAsk,
  IdentityDocuments,
  NewIdentityDocument,
} from './identity-documents.ts';
