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
 * a person or a record has a commitment for it (see `commitment.ts`), never the thing itself. Names that
 * begin with `restore.` are kept for the restore fence.
 */
export const CONTROL_OPERATIONS = {
  /** A root version is taken into use: nothing is sealed under one that is not in the log. */
  'root.created': { root: 'rootRef', epoch: 'count', map: 'hash' },
  /** The newest checkpoint of an access log that this vault has accepted. */
  'checkpoint.seen': { origin: 'origin', size: 'count', root: 'hash' },
  /** Numbers were opened without a ticket, and not released. */
  'internal.opened': { reason: 'reason', cnt: 'count' },
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
  const bytes = canonicalBytes(entry, [...COMMON, ...Object.keys(CONTROL_OPERATIONS[entry.op])]);
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
