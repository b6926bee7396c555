import type { Edge } from '@mnv/transparency-log';
import { appendLeaves, consistencyProofSync, leafHash } from '@mnv/transparency-log';
import { KnownNodes } from './known-nodes.ts';
import type { ReadBatches } from './read-entries.ts';
import { readEntryBytes } from './read-entries.ts';

const LEAVES_A_STEP = 1_024;

export type StoredLog = {
  /** The edge of the tree at a size where a batch ends. */
  edgeAt(logId: string, size: number): Promise<Edge>;
  readBatches: ReadBatches;
};

/**
 * Proves from what is stored that two sizes at which batches end are one history. It reads the edge at the
 * older size and the entries since, however large the log below is: this is the first thing a restarted
 * proxy owes the vault.
 */
export async function proveGrowth(
  logId: string,
  { size1, size2 }: { size1: number; size2: number },
  { edgeAt, readBatches }: StoredLog,
): Promise<Uint8Array[]> {
  let size = size1;
  let edge = await edgeAt(logId, size1);
  const nodes = new KnownNodes(size, edge);
  const grow = (hashes: Uint8Array[]) => {
    edge = appendLeaves(size, edge, hashes, (level, index, hash) => nodes.add(level, index, hash));
    size += hashes.length;
  };
  let leaves: Uint8Array[] = [];
  for await (const { bytes } of readEntryBytes(readBatches, logId, size1, size2)) {
    leaves.push(leafHash(bytes));
    if (leaves.length < LEAVES_A_STEP) continue;
    grow(leaves);
    leaves = [];
  }
  grow(leaves);
  return consistencyProofSync(size1, size2, (level, index) => nodes.at(level, index));
}
