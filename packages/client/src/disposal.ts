/** One record that is to go; with `individualRef` the tenant gets a list of whose numbers are gone. */
export type RecordToDispose = { recordId: string; individualRef?: string };

/** What people sign for: exactly this batch, under this case. `batchHash` is base64url, 43 characters. */
export type DisposalBatch = {
  disposalId: string;
  caseId: string;
  batchHash: string;
  count: number;
};

/** A disposal as it stands. Instants are RFC 3339. */
export type Disposal = DisposalBatch & {
  reason: string;
  /**
   * `draft`, then what the vault says (`requested`, `frozen`, `intent`, `rekeying`, `flipped`, `fenced`,
   * `erased`, or `stopped`), and at last `certified`.
   */
  state: string;
  held: boolean;
  /** How many records had a ground to be kept, or an unknown one, when it was drafted: a disposal before its time. */
  notDue?: number;
  /** How many approvals count now. */
  approvals: number;
  ordered: boolean;
  draftedBy: string;
  draftedAt: string;
  epoch?: number;
  /** `number` of the deployment, `tenantNumber` of the tenant; each runs from 1. */
  certificate?: {
    number: number;
    tenantNumber: number;
    hash: string;
    issuedAt: string;
    index?: number;
  };
};

/** A certificate of the tenant: who was handed it when, and who has acknowledged it. */
export type DeliveredCertificate = {
  disposalId: string;
  caseId: string;
  count: number;
  number: number;
  tenantNumber: number;
  hash: string;
  issuedAt: string;
  deliveries: { to: string; at: string }[];
  acknowledgement: { by: string; at: string } | null;
};

/** Disposals of a tenant. What people sign is signed with the key of the client certificate, each time anew. */
export type Disposals = {
  /** Freezes the records in this order; nothing is asked of the vault yet. */
  draft: (order: {
    caseId: string;
    reason: string;
    records: readonly RecordToDispose[];
    idempotencyKey?: string;
  }) => Promise<DisposalBatch>;
  /** Asks for it, signed: the vault learns of it. The requester may not approve. */
  request: (batch: DisposalBatch) => Promise<Disposal>;
  /** Approves exactly this batch, signed; two others than the requester must, freshly signed in. */
  approve: (batch: DisposalBatch) => Promise<Disposal>;
  /** Reports a hold, signed: approvals before it count no more. */
  hold: (batch: DisposalBatch) => Promise<Disposal>;
  /** Has it carried out, signed; from here on its records are gone for readers. */
  order: (batch: DisposalBatch) => Promise<Disposal>;
  /** Stops it while no key is dropped, signed. */
  stop: (batch: DisposalBatch) => Promise<Disposal>;
  get: (disposalId: string) => Promise<Disposal>;
  /** The newest first. */
  list: () => AsyncGenerator<Disposal>;
  /** In the order that is hashed. Throws TransportError when they are not those of the batch hash. */
  recordIds: (batch: DisposalBatch) => Promise<string[]>;
  /** All, or those nobody fetched or acknowledged; the newest first, a thousand at most. */
  certificates: (state?: 'undelivered' | 'unacknowledged') => Promise<DeliveredCertificate[]>;
  /** Says, as a person who fetched it, that the tenant has the certificate of this hash. */
  acknowledge: (disposalId: string, hash: string) => Promise<void>;
  /** The certificate (compact JWS), from now on delivered; ProblemError `not-found` while there is none. */
  certificate: (disposalId: string) => Promise<string>;
  /** Whose numbers are gone, by the tenant's own keys: until it is said that the list was received. */
  individualRefs: (disposalId: string) => AsyncGenerator<RecordToDispose>;
  individualRefsReceived: (disposalId: string) => Promise<void>;
};
