import type { TileStore } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import type { VaultDatabase } from '../database.ts';

/** The full tiles of the control log. Tiles are derived: who comes second with one changes nothing. */
export function controlTiles(db: Kysely<VaultDatabase>): TileStore {
  return {
    findTile: async ({ level, idx }) => {
      const row = await db
        .selectFrom('control_tile')
        .select('hashes')
        .where('level', '=', level)
        .where('idx', '=', String(idx))
        .executeTakeFirst();
      return row?.hashes;
    },
    insertTile: async ({ level, idx, hashes }) => {
      await db
        .insertInto('control_tile')
        .values({ level, idx, hashes: Buffer.from(hashes) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
