import type { VaultState } from '../database.ts';

/** Indices of the control-log entries about a disposal, as the vault tells them. */
export type DisposalIndices = {
  requested?: number | undefined;
  approved?: number[] | undefined;
  held?: number[] | undefined;
  intent?: number | undefined;
  rootCreated?: number | undefined;
  flipped?: number | undefined;
  fenced?: number | undefined;
  erased?: number | undefined;
};

/** A disposal as this service keeps it. */
export type Disposal = {
  tenantId: string;
  disposalId: string;
  caseId: string;
  reason: string;
  /** base64url: what requester and approvers sign. */
  batchHash: string;
  count: number;
  /** How many had a ground, or an unknown one, when it was drafted; undefined for old drafts. */
  notDue: number | undefined;
  draftedAt: Date;
  draftedBy: string;
  askedAt: Date | undefined;
  orderedAt: Date | undefined;
  stopAt: Date | undefined;
  /** When the vault last said how it stands. */
  lookedAt: Date | undefined;
  /** Undefined until the vault knows of it. */
  vaultState: VaultState | undefined;
  held: boolean;
  approvals: number;
  epoch: number | undefined;
  indices: DisposalIndices | undefined;
  certificate: IssuedCertificate | undefined;
};

/** `controlIndex` is undefined until the control log says that it was issued. */
export type IssuedCertificate = {
  /** Of the deployment, and of the tenant; each runs from 1. */
  number: number;
  tenantNumber: number;
  hash: string;
  issuedAt: Date;
  controlIndex: number | undefined;
};

export type DisposalKey = { tenantId: string; disposalId: string };

/** What a person wants done, noted before the vault is asked. */
export type Intent = 'asked_at' | 'ordered_at' | 'stop_at';

/** One record of a disposal; `individualRef` until the tenant has the list. */
export type DisposalRecord = { recordId: string; individualRef?: string };

/** What the vault says of a disposal. */
export type VaultStatus = {
  batchHash: string;
  count: number;
  state: VaultState;
  held: boolean;
  approvals: number;
  epoch?: number | undefined;
  progress?: { erased: number; of: number } | undefined;
  indices: DisposalIndices;
};
