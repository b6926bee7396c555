import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '@mnv/core';
import type { ControlEvent } from '@mnv/protocol';
import { encodeControlEntry } from '@mnv/protocol';
import type { Edge } from '@mnv/transparency-log';
import { appendLeaves, encodeEntryBundle, leafHash, rootOf } from '@mnv/transparency-log';

const MAX_CLOCK_LAG_MS = 30_000;

/** A batch that is stored, by the SHA-256 of its entries as they must be read back. */
export type KeptBatch = { start: number; digest: Buffer };

/** Where the control log stands. `newest` is undefined for an empty log. */
export type ControlHead = {
  size: number;
  edge: Edge;
  lastTime: number;
  newest: KeptBatch | undefined;
};

/** Entries laid out behind a head, not yet durable. */
export type ControlBatch = {
  start: number;
  n: number;
  /** The entries as they are stored. */
  bundle: Buffer;
  root: Uint8Array;
  /** The batch it follows: it may be stored only while that one reads back as it was hashed. */
  before: KeptBatch | undefined;
  /** The head once it is stored. */
  after: ControlHead & { newest: KeptBatch };
};

/**
 * Gives events their time and place behind a head. Time never decreases within the log: when another
 * instance's clock is a little ahead, its time is taken.
 * @throws Refusal `log-unavailable` when that time would not be true
 */
export function layOut(
  head: ControlHead,
  events: readonly ControlEvent[],
  now: number,
): ControlBatch {
  if (head.lastTime - now > MAX_CLOCK_LAG_MS)
    throw new Refusal('log-unavailable', 'The clock is behind the control log.');
  const time = Math.max(now, head.lastTime);
  const entries = events.map((event) =>
    encodeControlEntry({ v: 1, t: time, n: randomBytes(16).toString('base64url'), ...event }),
  );
  const bundle = Buffer.from(encodeEntryBundle(entries));
  const edge = appendLeaves(
    head.size,
    head.edge,
    entries.map((entry) => leafHash(entry)),
  );
  const newest = { start: head.size, digest: digestOf(bundle) };
  const after = { size: head.size + entries.length, edge, lastTime: time, newest };
  const root = rootOf(edge);
  return { start: head.size, n: entries.length, bundle, root, before: head.newest, after };
}

/** SHA-256 of a bundle of entries, for comparing what is stored with what was hashed into the tree. */
export function digestOf(bundle: Uint8Array): Buffer {
  return createHash('sha256').update(bundle).digest();
}
