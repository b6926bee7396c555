import { randomBytes } from 'node:crypto';
import { encodeEntry } from '@mnv/protocol';
import {
  TILE_WIDTH,
  appendLeaves,
  edgeToBytes,
  encodeEntryBundle,
  formatCheckpoint,
  leafHash,
  newLogKey,
  noteSigner,
  rootOf,
  signNote,
} from '@mnv/transparency-log';
import type { Edge } from '@mnv/transparency-log';
import type { Pool, PoolClient } from 'pg';
import { intentDraft } from './bench-draft.ts';

const BATCH = 500;
const BATCHES_A_COMMIT = 100;
const TILE_HEIGHT = 8;

type FullTile = { level: number; idx: number; hashes: Buffer };

/**
 * Puts a log of so many entries into the database as it would stand there after years: signed batches, and every
 * full hash tile, but by plain inserts and without the writer. Answers its root.
 */
export async function fillLog(pool: Pool, logId: string, size: number): Promise<Uint8Array> {
  const origin = `local/access/${logId}`;
  const signer = noteSigner(origin, newLogKey(origin).privateKey);
  const tree = new GrowingTree();
  while (tree.size < size) {
    await inTransaction(pool, async (client) => {
      for (let batch = 0; batch < BATCHES_A_COMMIT && tree.size < size; batch += 1) {
        const start = tree.size;
        const entries = Array.from({ length: Math.min(BATCH, size - start) }, newEntry);
        const tiles = tree.grow(entries.map((entry) => leafHash(entry)));
        const checkpoint = formatCheckpoint({ origin, size: tree.size, root: tree.root });
        await client.query(
          'insert into log_batch (log_id, start, n, entries, root, checkpoint, edge) values ($1, $2, $3, $4, $5, $6, $7)',
          [
            logId,
            start,
            entries.length,
            Buffer.from(encodeEntryBundle(entries)),
            Buffer.from(tree.root),
            signNote(checkpoint, [signer]),
            Buffer.from(edgeToBytes(tree.edge)),
          ],
        );
        await insertTiles(client, logId, tiles);
      }
    });
  }
  return tree.root;
}

class GrowingTree {
  readonly #open: Buffer[][] = [];
  edge: Edge = [];
  size = 0;

  get root(): Uint8Array {
    return rootOf(this.edge);
  }

  /** Grows by leaves and answers the tiles that became full. */
  grow(leaves: readonly Uint8Array[]): FullTile[] {
    const full: FullTile[] = [];
    this.edge = appendLeaves(this.size, this.edge, leaves, (height, index, hash) => {
      if (height % TILE_HEIGHT !== 0) return;
      const level = height / TILE_HEIGHT;
      const open = (this.#open[level] ??= []);
      open.push(Buffer.from(hash));
      if (open.length < TILE_WIDTH) return;
      full.push({ level, idx: Math.floor(index / TILE_WIDTH), hashes: Buffer.concat(open) });
      this.#open[level] = [];
    });
    this.size += leaves.length;
    return full;
  }
}

function newEntry(): Buffer {
  const n = randomBytes(16).toString('base64url');
  return encodeEntry({ v: 1, t: Date.now(), n, ...intentDraft() });
}

async function insertTiles(client: PoolClient, logId: string, tiles: FullTile[]): Promise<void> {
  for (const { level, idx, hashes } of tiles)
    await client.query(
      'insert into log_tile (log_id, level, idx, hashes) values ($1, $2, $3, $4)',
      [logId, level, idx, hashes],
    );
}

async function inTransaction(
  pool: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } finally {
    client.release();
  }
}
