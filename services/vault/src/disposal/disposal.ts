/** Where a batch stands. From `rekeying` on there is no way back. */
export const DISPOSAL_STATES = [
  'requested',
  'frozen',
  'intent',
  'rekeying',
  'flipped',
  'fenced',
  'erased',
  'stopped',
] as const;
export type DisposalState = (typeof DISPOSAL_STATES)[number];

/** A batch of one tenant. `batchHash` base64url; `approvals` and `stoppedIndex` are places in the control log. */
export type Disposal = {
  disposalId: string;
  tenantId: string;
  caseId: string;
  batchHash: string;
  count: number;
  held: boolean;
  state: DisposalState;
  epoch: number | undefined;
  approvals: number[];
  stoppedIndex: number | undefined;
};

/** What a person did about a batch; `nonce` opens the entry's commitment to person and tenant. */
export type DisposalAct = {
  kind: 'requested' | 'approved' | 'held';
  index: number;
  iss: string;
  sub: string;
  nonce: string;
  rid: string;
  /** An approval from before a hold. */
  void: boolean;
};

/** A person is an issuer's subject: one text for one person. */
export function personOf({ iss, sub }: { iss: string; sub: string }): string {
  return `${iss}\n${sub}`;
}
