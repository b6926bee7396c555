import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';
import type { LogTileStore } from './read-nodes.ts';

/** A full tile of a log's Merkle tree, 256 hashes, or undefined when it is not derived yet. */
export async function findTile(
  db: Kysely<AccessDatabase>,
  logId: string,
  { level, idx }: { level: number; idx: number },
): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('log_tile')
    .select('hashes')
    .where('log_id', '=', logId)
    .where('level', '=', level)
    .where('idx', '=', String(idx))
    .executeTakeFirst();
  return row?.hashes;
}

/** Keeps a full tile. Tiles are derived: who comes second changes nothing. */
export async function insertTile(
  db: Kysely<AccessDatabase>,
  logId: string,
  tile: { level: number; idx: number; hashes: Buffer },
): Promise<void> {
  await db
    .insertInto('log_tile')
    .values({ log_id: logId, ...tile })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Where the tiles of all logs are kept. */
export function tileStore(db: Kysely<AccessDatabase>): LogTileStore {
  return {
    findTile: (logId, level, idx) => findTile(db, logId, { level, idx }),
    insertTile: (logId, tile) => insertTile(db, logId, tile),
  };
}
