import { canonicalBytes, hasJustMembers, parseCanonical } from './canonical-entry.ts';

/** Why the vault opened a number without a ticket: such an act releases nothing. */
export const INTERNAL_REASONS = ['scrub', 'restore-drill', 'duplicate-check'] as const;

/** What a member of an entry may hold. None of them can hold a text that somebody typed. */
const KINDS = {
  /** A whole number from 0. */
  count: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
  /** SHA-256, base64url: a hash of something public, or a commitment to something that is not. */
  hash: (value: unknown) => typeof value === 'string' && HASH.test(value),
  /** The origin of an access log: names no tenant. */
  origin: (value: unknown) => typeof value === 'string' && ORIGIN.test(value),
  /** What a root provider calls a root version. */
  rootRef: (value: unknown) => typeof value === 'string' && ROOT_REF.test(value),
  reason: (value: unknown) => INTERNAL_REASONS.some((reason) => reason === value),
} as const;

/**
 * Every operation of the control log with its members, in their order. An operation that concerns a tenant,
 * a person or a record has a commitment for it (see `commitment.ts`), never the thing itself. `batch` is the
 * Merkle root (RFC 6962) over the record ids of a batch, 16 bytes each: random, so it names none of them.
 * `map` is the hash of a head of the live-key map. `by` commits to a person and the tenant (`disposal-actor.ts`).
 */
export const CONTROL_OPERATIONS = {
  /** A root version is taken into use: nothing is sealed under one that is not in the log. */
  'root.created': { root: 'rootRef', epoch: 'count', map: 'hash' },
  /** Nothing opens under this root version from now on. */
  'root.disabled': { root: 'rootRef', epoch: 'count' },
  /** Its destruction is ordered, not before `at` (ms). */
  'root.destroy-scheduled': { root: 'rootRef', epoch: 'count', at: 'count' },
  /** Its custodian says that it is destroyed; `evidence` is the digest of what the custodian gave for it. */
  'root.destroyed': { root: 'rootRef', epoch: 'count', evidence: 'hash' },
  /** The newest checkpoint of an access log that this vault has accepted. */
  'checkpoint.seen': { origin: 'origin', size: 'count', root: 'hash' },
  /** Numbers were opened without a ticket, and not released. */
  'internal.opened': { reason: 'reason', cnt: 'count' },
  /** A person asked for the disposal of `cnt` records. */
  'disposal.requested': { batch: 'hash', cnt: 'count', by: 'hash' },
  /** Another person approved exactly this batch. */
  'disposal.approved': { batch: 'hash', by: 'hash' },
  /** A hold was reported: approvals before this entry count no more. */
  'disposal.held': { batch: 'hash', by: 'hash' },
  /** The batch will not be erased: stopped before the first key was dropped. */
  'disposal.stopped': { batch: 'hash' },
  /**
   * An epoch is about to erase `cnt` keys: `manifest` is the Merkle root over its batch hashes, in order; `map`
   * the head in which all of them are LIVE; `root` the root version in use. A rotation has no batch.
   */
  'erasure.intent': {
    epoch: 'count',
    manifest: 'hash',
    cnt: 'count',
    map: 'hash',
    root: 'rootRef',
  },
  /** The tree stands on the new root version; in `map` every key of the intent is ERASED. */
  'erasure.flipped': { epoch: 'count', root: 'rootRef', map: 'hash' },
  /** No instance holds a key, and none can still answer, from before the flip; `cnt` instances said so. */
  'erasure.fenced': { epoch: 'count', cnt: 'count' },
  /** The epoch is done: `cnt` keys are erased. */
  'erasure.erased': { epoch: 'count', cnt: 'count' },
  /** A rotation is done: `cnt` nodes of the tree are still older than it. Always 0. */
  'erasure.rotated': { epoch: 'count', cnt: 'count' },
  /** The epoch was given up before the first key was dropped; its number is spent. */
  'erasure.aborted': { epoch: 'count' },
  /** The database is older than one of the memories outside it: nothing is released until it is reconciled. */
  'restore.detected': { epoch: 'count', size: 'count' },
  /** Reconciled on the key tree whose map has this head; `cnt` records that were disposed of are dropped again. */
  'restore.reconciled': { epoch: 'count', map: 'hash', cnt: 'count' },
  /** An export of the key tree of this epoch was restored and sampled: `cnt` numbers opened. */
  'restore.verified': { epoch: 'count', export: 'hash', cnt: 'count' },
  /** A certificate was issued for a batch: the digest of its JWS. */
  'certificate.issued': { batch: 'hash', certificate: 'hash' },
} as const satisfies Record<string, Record<string, keyof typeof KINDS>>;

type Operations = typeof CONTROL_OPERATIONS;
export type ControlOperation = keyof Operations;
type Values = {
  count: number;
  hash: string;
  origin: string;
  rootRef: string;
  reason: (typeof INTERNAL_REASONS)[number];
};
type MembersOf<Facts> = {
  -readonly [Name in keyof Facts]: Facts[Name] extends keyof Values ? Values[Facts[Name]] : never;
};

/** What happened, before it has a time and a place. */
export type ControlEvent = {
  [Op in ControlOperation]: { op: Op } & MembersOf<Operations[Op]>;
}[ControlOperation];

/** One entry of the control log: `t` in ms since the epoch, never decreasing; `n` 16 random bytes. */
export type ControlEntry = { v: 1; t: number; n: string } & ControlEvent;

const FORM = { name: 'a control entry', maxBytes: 2048 };
const COMMON = ['v', 't', 'n', 'op'] as const;
/** 32 bytes and 16 bytes; the last character has bits to spare, which are zero. */
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const NONCE = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const ORIGIN = /^[a-z][a-z0-9.-]{0,62}\/access\/[a-z0-9-]{1,64}$/;
const ROOT_REF = /^[!#-[\]-~]{1,200}$/;

/** Whether a text can be the origin of an access log: `<deployment>/access/<log id>`. */
export function isAccessLogOrigin(text: string): boolean {
  return ORIGIN.test(text);
}

/** The bytes of an entry, in its one canonical form. Throws a TypeError for what cannot be read back. */
export function encodeControlEntry(entry: ControlEntry): Buffer {
  const members = [
    ...COMMON,
    ...Object.keys(CONTROL_OPERATIONS[entry.op]),
  ] as (keyof ControlEntry)[];
  const bytes = canonicalBytes(Object.fromEntries(members.map((name) => [name, entry[name]])));
  decodeControlEntry(bytes);
  return bytes;
}

/**
 * Reads entry bytes. Attacker-controlled: refuses whatever is not exactly the canonical form of an operation
 * of the table. Throws a TypeError that quotes nothing.
 */
export function decodeControlEntry(bytes: Uint8Array): ControlEntry {
  const entry = parseCanonical(bytes, FORM);
  const operation = entry['op'];
  if (!isOperation(operation)) throw new TypeError('a control entry has an unknown operation');
  const members = Object.entries(CONTROL_OPERATIONS[operation]);
  if (!hasJustMembers(entry, [...COMMON, ...members.map(([name]) => name)]))
    throw new TypeError('a control entry has not just its members, in their order');
  const sound = isCommonSound(entry) && members.every(([name, kind]) => KINDS[kind](entry[name]));
  if (!sound) throw new TypeError('a control entry has a member out of range');
  return entry as ControlEntry;
}

function isOperation(value: unknown): value is ControlOperation {
  return typeof value === 'string' && Object.hasOwn(CONTROL_OPERATIONS, value);
}

function isCommonSound({ v, t, n }: Record<string, unknown>): boolean {
  return v === 1 && KINDS.count(t) && t !== 0 && typeof n === 'string' && NONCE.test(n);
}
