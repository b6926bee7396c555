/** How far a provider's "destroyed" can be believed. `none` may never lead to an `irrecoverable` certificate. */
export type RootAssurance = 'none' | 'software' | 'hsm' | 'cloud-hsm';

export type RootDescription = {
  readonly kind: string;
  readonly assurance: RootAssurance;
  /** Between the order to destroy and the destruction. */
  readonly minPendingSeconds: number;
  /** How long copies may survive the destruction (backups of the provider). */
  readonly residualSeconds: number;
};

/** `destroyed` only when every replica is. `unknown`: the provider never heard of it. */
export type RootStatus = 'enabled' | 'disabled' | 'pending' | 'destroyed' | 'unknown';

/** Raw bytes of a provider's own statement; the control log keeps their hash. */
export type RootEvidence = { readonly type: string; readonly bytes: Uint8Array };

/**
 * Custodian of root versions: symmetric AES-256 keys that never leave it, one per epoch. A root seals top
 * keys and nothing else. No asymmetric root: destroying a private key would not destroy what its public key
 * determines.
 */
export type RootProvider = {
  describe(): RootDescription;
  /** Makes the root version of a label; its ref is the label. When it returns, the key is durable. */
  create(label: string): Promise<{ ref: string; birthEvidence: RootEvidence[] }>;
  /** Seals at most 64 bytes; `context` is authenticated. */
  seal(ref: string, secret: Uint8Array, context: Uint8Array): Promise<Buffer>;
  /** Throws UnopenableError when the blob or context is wrong, RootUnavailableError when the root is. */
  open(ref: string, blob: Uint8Array, context: Uint8Array): Promise<Buffer>;
  /** No more seals and opens; the key still exists. */
  disable(ref: string): Promise<void>;
  /** Orders the destruction not before an instant (ms). Final once it has happened. */
  scheduleDestroy(ref: string, notBefore: number): Promise<{ effectiveAt: number }>;
  status(ref: string): Promise<RootStatus>;
  evidence(ref: string): Promise<RootEvidence[]>;
  /** Every ref ever made with the prefix, destroyed ones too: orphans after a crash, roots newer than the head. */
  list(prefix: string): Promise<string[]>;
};

/** The root version cannot be used: unknown, disabled, destroyed, or its custodian is not reachable. */
export class RootUnavailableError extends Error {
  override readonly name = 'RootUnavailableError';
  /** Holds no secret: it may be logged. */
  readonly reason: string;

  constructor(reason: string) {
    super(`the root version cannot be used: ${reason}`);
    this.reason = reason;
  }
}

/** The label of the root version of an epoch. */
export function rootLabel(deployment: string, epoch: number): string {
  return `${rootLabelPrefix(deployment)}${epoch}`;
}

export function rootLabelPrefix(deployment: string): string {
  return `mnv-root-${deployment}-`;
}
