import type { RootAssurance } from '@mnv/erasure-tree';

/** The opening of a commitment in the control log: who it was, and the entry. `nonce` base64url. */
export type EvidencePerson = { iss: string; sub: string; nonce: string; index: number };

/** A head of the live-key map. Hashes base64url. */
export type EvidenceMapHead = {
  epoch: number;
  rootRef: string;
  topKeyCommitment: string;
  nodeHash: string;
};

/** A proof of one slot, as the erasure tree gives it. Hashes base64url. */
export type EvidenceSlotProof = {
  height: number;
  steps: { keyCommitment: string; siblings: string[] }[];
};

/** A root version that exists: `destroyAt` (ms) when its destruction is ordered or planned. */
export type EvidenceRoot = {
  ref: string;
  epoch: number;
  status: 'enabled' | 'disabled' | 'pending';
  kind: string;
  assurance: RootAssurance;
  destroyAt?: number;
};

/** Indices of control-log entries. */
export type EvidenceIndices = {
  requested: number;
  /** The two approvals that count: after the last hold, of different persons. */
  approved: [number, number];
  intent: number;
  rootCreated: number;
  flipped: number;
  fenced: number;
  erased: number;
};

/**
 * First line of what the vault hands out about a disposal in state `erased`. Nothing in it or in the items
 * is a number, a part or a transform of one, or the tenant's own reference of a person.
 */
export type EvidenceHead = {
  v: 1;
  deployment: string;
  disposalId: string;
  tenantId: string;
  caseId: string;
  /** RFC 6962 root over the record ids in batch order, 16 bytes each. */
  batchHash: string;
  count: number;
  epoch: number;
  /** The batch hashes of the epoch, in the order of the intent's `manifest`; `at` is this batch's place. */
  manifest: { leaves: string[]; at: number };
  by: { requested: EvidencePerson; approved: [EvidencePerson, EvidencePerson] };
  indices: EvidenceIndices;
  /** The head whose hash the intent carries: every item is LIVE in it. */
  mapBefore: EvidenceMapHead;
  /** The head whose hash the flip carries: every item is ERASED in it. */
  mapAfter: EvidenceMapHead;
  /** Every root version that is not destroyed, the head's included. */
  roots: EvidenceRoot[];
  rootFrom: string;
  rootTo: string;
};

/** Whom a number went to: the person and the client that acted, and how often. */
export type EvidenceRecipient = { act: string; sub: string; count: number };

/**
 * What the release rows say of one record. `releases` are requests, `numbers` how often the number itself left;
 * instants in ms, null when it never did. `numbers` is the sum of the recipients' counts.
 */
export type EvidenceEgress = {
  releases: number;
  numbers: number;
  firstAt: number | null;
  lastAt: number | null;
  recipients: EvidenceRecipient[];
  /** Releases before this instant (ms) may be missing: the vault's database was put back by a restore then. */
  mayLackBefore?: number;
};

/** One line for each record, in batch order. `tree` is the number of the tenant's key tree: the same in all. */
export type EvidenceItem = {
  recordId: string;
  tree: number;
  position: number;
  dekCommitment: string;
  before: EvidenceSlotProof;
  after: EvidenceSlotProof;
  egress: EvidenceEgress;
};
