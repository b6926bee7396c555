import { createHash, randomBytes } from 'node:crypto';
import type { AccessEntry } from '@mnv/protocol';
import { encodeEntry } from '@mnv/protocol';
import type { Edge } from '@mnv/transparency-log';
import { appendLeaves, encodeEntryBundle, leafHash, rootOf } from '@mnv/transparency-log';
import { KnownNodes } from './known-nodes.ts';

const MAX_KEPT_NODES = 131_072;
const MAX_CLOCK_LAG_MS = 30_000;

/** An entry before it has a time and a place: both are given when its batch is built. */
export type EntryDraft = Omit<AccessEntry, 'v' | 't' | 'n'>;

/** A batch that is stored, by the SHA-256 of its entries as they must be read back. */
export type KeptBatch = { start: number; digest: Buffer };

/** Where a log stands, as this process last saw it durable. */
export type LogHead = {
  size: number;
  edge: Edge;
  lastTime: number;
  nodes: KnownNodes;
  /** Undefined for an empty log. */
  newest: KeptBatch | undefined;
};

/** A log: its id in the database and its name in every checkpoint. */
export type LogIdentity = { logId: string; origin: string };

/** Entries laid out behind a head, not yet durable. */
export type LaidOutBatch = {
  start: number;
  size: number;
  entries: Buffer[];
  /** The entries as they are stored. */
  bundle: Uint8Array;
  digest: Buffer;
  /** The batch it follows: it may be stored only while that one reads back as it was hashed. */
  before: KeptBatch | undefined;
  edge: Edge;
  root: Uint8Array;
  lastTime: number;
  /** Hashes that proofs about these entries need. */
  nodes: KnownNodes;
};

/** Our clock is behind what the log has recorded: it was set back, or it was ahead when it wrote. */
export class ClockBehindLog extends Error {
  override readonly name = 'ClockBehindLog';
}

/**
 * Gives drafts their time and place behind a head. Time never decreases within a log: when another writer's
 * clock is a little ahead, its time is taken. Nothing of the head changes.
 * @throws ClockBehindLog when that time would not be true, and a number could not be released for it
 */
export function layOut(head: LogHead, drafts: readonly EntryDraft[], now: number): LaidOutBatch {
  if (head.lastTime - now > MAX_CLOCK_LAG_MS) throw new ClockBehindLog();
  const time = Math.max(now, head.lastTime);
  const salts = randomBytes(16 * drafts.length);
  const entries = drafts.map((draft, at) => {
    const n = salts.toString('base64url', 16 * at, 16 * at + 16);
    return encodeEntry({ v: 1, t: time, n, ...draft });
  });
  const nodes = new KnownNodes(head.size, head.edge);
  const hashes = entries.map((entry) => leafHash(entry));
  const edge = appendLeaves(head.size, head.edge, hashes, (level, index, hash) =>
    nodes.add(level, index, hash),
  );
  const bundle = encodeEntryBundle(entries);
  return {
    start: head.size,
    size: head.size + entries.length,
    entries,
    bundle,
    digest: digestOf(bundle),
    before: head.newest,
    edge,
    root: rootOf(edge),
    lastTime: time,
    nodes,
  };
}

/** The head after a batch has become durable. Its nodes are the head's own, carried on. */
export function advance(head: LogHead, batch: LaidOutBatch): LogHead {
  head.nodes.addGrowth(batch.nodes);
  // A log that no vault is shown would keep its nodes for ever; older proofs are built from the database.
  if (head.nodes.count > MAX_KEPT_NODES) head.nodes.forgetBefore(head.size);
  const { start, size, edge, lastTime, digest } = batch;
  return { size, edge, lastTime, nodes: head.nodes, newest: { start, digest } };
}

/** SHA-256 of a bundle of entries, for comparing what is stored with what was hashed into the tree. */
export function digestOf(bundle: Uint8Array): Buffer {
  return createHash('sha256').update(bundle).digest();
}
