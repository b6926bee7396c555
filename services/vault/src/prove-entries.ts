import type { Ticket } from '@mnv/protocol';
import { edgeNodesOf, leafHash, rootOf, verifyRange } from '@mnv/transparency-log';
import { Refusal } from '@mnv/core';
import type { LogHead } from './log-history.ts';
import type { OpenCheckpoint } from './open-checkpoint.ts';

export type ProveEntriesDependencies = {
  /** The tenant whose numbers a log releases, or undefined when no tenant has this log. */
  tenantOfLog(origin: string): Promise<string | undefined>;
  openCheckpoint: OpenCheckpoint;
};

/** Entries that stand in the tree of a signed head of the one log that releases this tenant's numbers. */
export type ProvenTicket = {
  tenantId: string;
  head: LogHead;
  /** The head before the first of the entries, which the same proof proves to be a prefix of `head`. */
  before: LogHead;
  entries: Buffer[];
};

/**
 * Proves that the entries of a ticket are in the log it names. Whether that log has one history is another
 * question, {@link AcceptCheckpoint}.
 * @throws Refusal `not-permitted`
 */
export async function proveEntries(
  ticket: Ticket,
  deps: ProveEntriesDependencies,
): Promise<ProvenTicket> {
  const tenantId = await deps.tenantOfLog(ticket.log);
  if (tenantId === undefined)
    throw new Refusal('not-permitted', 'The log releases no numbers here.');
  const head = deps.openCheckpoint(ticket);
  const entries = ticket.entries.map((entry) => Buffer.from(entry, 'base64'));
  const proof = ticket.proof.map((hash) => Buffer.from(hash, 'base64'));
  const included = verifyRange({
    first: ticket.first,
    leafHashes: entries.map((entry) => leafHash(entry)),
    size: head.size,
    root: head.root,
    proof,
  });
  if (head.size !== ticket.treeSize || !included)
    throw new Refusal('not-permitted', 'The entries are not in the log.');
  return { tenantId, head, before: headBefore(ticket.first, proof), entries };
}

/** A verified range proof begins with the complete subtrees left of the range: together, the tree before it. */
function headBefore(first: number, proof: Buffer[]): LogHead {
  return { size: first, root: rootOf(proof.slice(0, edgeNodesOf(first).length)) };
}
