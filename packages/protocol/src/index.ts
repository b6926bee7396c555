export { ENTRY_KINDS, decodeEntry, encodeEntry } from './access-entry.ts';
export type { AccessEntry, EntryKind } from './access-entry.ts';
export { MAX_BATCH_RECORDS, batchHashOf, manifestHashOf } from './batch-hash.ts';
export { canonicalJson, hasJustMembers, parseCanonical } from './canonical-entry.ts';
export {
  DOCUMENT_DISCLOSURES,
  NUMBER_DISCLOSURES,
  findDisclosureOperation,
} from './disclosure-operation.ts';
export type { DisclosureOperation } from './disclosure-operation.ts';
export { HOLD_CASE, holdChangeCount, holdChangeDigest } from './hold-request.ts';
export type { HoldChange } from './hold-request.ts';
export { digestOfJson } from './json-digest.ts';
export { disposalActorText } from './disposal-actor.ts';
export type { DisposalActor } from './disposal-actor.ts';
export { commitTo, opensCommitment } from './commitment.ts';
export type { Commitment } from './commitment.ts';
export {
  CONTROL_OPERATIONS,
  INTERNAL_REASONS,
  decodeControlEntry,
  encodeControlEntry,
  isAccessLogOrigin,
} from './control-entry.ts';
export type { ControlEntry, ControlEvent, ControlOperation } from './control-entry.ts';
export {
  REQUEST_FRESH_SECONDS,
  requireBatchRequest,
  requireRequest,
} from './require-request.ts';
export {
  readSignedRequest,
  recordsDigest,
  signBatchRequest,
  signRequest,
} from './signed-request.ts';
export type { BatchRequestToSign, RequestToSign, SignedRequest } from './signed-request.ts';
export { SERVICE_OPERATIONS, isServiceOperation, ruleOf } from './service-operation.ts';
export type { ServiceAct, ServiceOperation } from './service-operation.ts';
export { receiptToTlogProofs, verifyReceipt } from './receipt.ts';
export type { Receipt, VerifiedReceipt } from './receipt.ts';
export { parseStrictJson } from './strict-json.ts';
export type {
  ProvenEntries,
  ReleasedDocument,
  ReleasedRecord,
  ReleasedRequest,
  Ticket,
  TicketAnswer,
  TicketRequest,
} from './ticket.ts';
