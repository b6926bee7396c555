import type { ProvenEntries } from '@mnv/protocol';
import type { VerifierKey } from '@mnv/transparency-log';
import { openCheckpoint, verifyConsistency } from '@mnv/transparency-log';
import { Refusal } from '@mnv/core';

const REMEMBERED_NOTES = 256;

/** A tree head of one log that this vault has accepted. */
export type SeenHead = { size: number; root: Uint8Array };

/** The proxy brought a checkpoint that its proof does not tie to the newest one stored. */
export class CheckpointUnproven extends Error {
  override readonly name = 'CheckpointUnproven';
  readonly newestSize: number;

  constructor(newestSize: number) {
    super('checkpoint-unproven');
    this.newestSize = newestSize;
  }
}

/** What this process remembers of one log between requests; the database remembers it for all instances. */
export type LogMemory = {
  newest: SeenHead | undefined;
  /** Heads proven consistent with `newest` or an ancestor of it, by size. */
  proven: Map<number, Uint8Array>;
  /** Notes whose signature was verified, so that each checkpoint is verified once. */
  opened: Map<string, SeenHead>;
};

export function emptyLogMemory(newest: SeenHead | undefined): LogMemory {
  return { newest, proven: new Map(), opened: new Map() };
}

/**
 * The signed tree head of a ticket, if its signature and origin are right.
 * @throws Refusal `not-permitted`
 */
export function openTicketCheckpoint(
  memory: LogMemory,
  ticket: ProvenEntries,
  verifierKey: VerifierKey,
): SeenHead {
  const known = memory.opened.get(ticket.checkpoint);
  if (known) return known;
  const head = verifiedHead(ticket, verifierKey);
  if (memory.opened.size >= REMEMBERED_NOTES) memory.opened.clear();
  memory.opened.set(ticket.checkpoint, head);
  return head;
}

function verifiedHead(ticket: ProvenEntries, verifierKey: VerifierKey): SeenHead {
  try {
    const { size, root } = openCheckpoint(ticket.checkpoint, verifierKey);
    if (size === ticket.treeSize) return { size, root };
  } catch {
    // Told apart for nobody: a checkpoint that does not open proves nothing.
  }
  throw new Refusal('not-permitted', 'The checkpoint is not one of this log.');
}

/**
 * Requires that a head lies on the one history this vault has seen: it is a head proven before, or the ticket
 * proves it consistent with the newest one, in either direction (an instance may be behind; being behind is
 * not a rollback, contradicting is).
 * @throws CheckpointUnproven when the ticket proves from another size; Refusal `log-forked`
 */
export function requireOneHistory(memory: LogMemory, head: SeenHead, ticket: ProvenEntries): void {
  const { newest } = memory;
  const proven = memory.proven.get(head.size);
  if (proven && equal(proven, head.root)) return;
  if (newest && newest.size !== head.size) requireConsistent(newest, head, ticket);
  else if (newest && !equal(newest.root, head.root)) throw forked();
}

/** After the head was stored: later tickets may refer to it. */
export function rememberHead(memory: LogMemory, head: SeenHead): void {
  if (memory.proven.size >= REMEMBERED_NOTES) memory.proven.clear();
  memory.proven.set(head.size, head.root);
  if (!memory.newest || memory.newest.size < head.size) memory.newest = head;
}

function requireConsistent(newest: SeenHead, head: SeenHead, ticket: ProvenEntries): void {
  if (ticket.consistency.from !== newest.size) throw new CheckpointUnproven(newest.size);
  const [older, younger] = newest.size < head.size ? [newest, head] : [head, newest];
  const proof = ticket.consistency.proof.map((hash) => Buffer.from(hash, 'base64'));
  const consistent = verifyConsistency({
    size1: older.size,
    root1: older.root,
    size2: younger.size,
    root2: younger.root,
    proof,
  });
  if (!consistent) throw forked();
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function forked(): Refusal {
  return new Refusal('log-forked', 'The checkpoint contradicts one this vault has seen.');
}
