import type { Ticket } from '@mnv/protocol';
import { consistencyProofSync, rangeProofSync } from '@mnv/transparency-log';
import type { Appended, DurableBatch } from '../log/append-entries.ts';

/** A request whose intents are durable and which waits for its numbers. */
export type ReleaseRequest = {
  rid: string;
  appended: Appended;
  /** The appended entries in base64, for the ticket and for the receipt. */
  entries: string[];
  token: string;
  /** DER. */
  certificate: Buffer;
  jws: string;
};

export type ConsistencyProof = { from: number; proof: string[] };

/** Requests of one batch whose entries stand in one run. */
export type Run = { batch: DurableBatch; first: number; requests: ReleaseRequest[] };

/** The ticket of one run: one checkpoint, one range proof, and each request to be judged by itself. */
export function buildTicket(
  { batch, first, requests }: Run,
  consistency: ConsistencyProof,
): Ticket {
  const entries = requests.flatMap((one) => one.entries);
  const nodeAt = (level: number, index: number) => batch.nodes.at(level, index);
  return {
    log: batch.origin,
    treeSize: batch.size,
    checkpoint: batch.checkpoint,
    first,
    entries,
    proof: base64All(rangeProofSync(first, entries.length, { size: batch.size, nodeAt })),
    consistency,
    requests: requests.map((one) => ({
      offset: one.appended.first - first,
      n: one.entries.length,
      token: one.token,
      certificate: one.certificate.toString('base64'),
      request: one.jws,
    })),
  };
}

/**
 * Proves that two sizes of a log are one history, from the nodes this process keeps; undefined when it keeps
 * too few. From size zero nothing needs to be proven.
 */
export function consistencyBetween(
  from: number,
  to: number,
  nodeAt: (level: number, index: number) => Uint8Array,
): ConsistencyProof | undefined {
  if (from === 0 || from === to) return { from, proof: [] };
  try {
    const proof = consistencyProofSync(Math.min(from, to), Math.max(from, to), nodeAt);
    return { from, proof: base64All(proof) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function base64All(parts: readonly Uint8Array[]): string[] {
  return parts.map((part) => Buffer.from(part).toString('base64'));
}
