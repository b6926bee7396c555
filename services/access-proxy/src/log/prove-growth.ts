import type { Edge, StoredTiles } from '@mnv/transparency-log';
import {
  appendLeaves,
  consistencyProof,
  consistencyProofSync,
  leafHash,
} from '@mnv/transparency-log';
import { KnownNodes } from './known-nodes.ts';
import type { ReadBatches } from './read-entries.ts';
import { readEntryBytes } from './read-entries.ts';

const LEAVES_A_STEP = 1_024;

export type StoredLog = {
  /** The edge of the tree at a size where a batch ends; undefined when the batch left the database. */
  edgeAt(logId: string, size: number): Promise<Edge | undefined>;
  readBatches: ReadBatches;
  tileReaderOf(logId: string): Pick<StoredTiles, 'readNodes'>;
};

/**
 * Proves from what is stored that two sizes at which batches end are one history. It reads the edge at the
 * older size and the entries since, however large the log below is: this is the first thing a restarted
 * proxy owes the vault.
 */
export async function proveGrowth(
  logId: string,
  { size1, size2 }: { size1: number; size2: number },
  { edgeAt, readBatches, tileReaderOf }: StoredLog,
): Promise<Uint8Array[]> {
  const known = await edgeAt(logId, size1);
  // The batch that ended there left the database; the hashes of its tiles did not.
  if (!known) return consistencyProof(size1, size2, tileReaderOf(logId).readNodes);
  let [size, edge] = [size1, known];
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
