import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { EpochState } from './epoch-job.ts';

type Db = Kysely<VaultDatabase>;

/** An order for a rotation. `waiting` until an epoch takes it; `rotatedIndex` is its last entry. */
export type Rotation = {
  rotationId: string;
  state: 'waiting' | EpochState;
  epoch?: number;
  rotatedIndex?: number;
};

export async function orderRotation(db: Db, rotationId: string): Promise<void> {
  await sql`insert into rotation (rotation_id) values (${rotationId}) on conflict do nothing`.execute(
    db,
  );
}

export async function findRotation(db: Db, rotationId: string): Promise<Rotation | undefined> {
  const { rows } = await sql<{
    epoch: number | null;
    state: EpochState | null;
    done_index: string | null;
  }>`select r.epoch, j.state, j.done_index from rotation r left join epoch_job j using (epoch)
    where r.rotation_id = ${rotationId}`.execute(db);
  const [row] = rows;
  return (
    row && {
      rotationId,
      state: row.state ?? 'waiting',
      ...(row.epoch !== null && { epoch: row.epoch }),
      ...(row.done_index !== null && { rotatedIndex: Number(row.done_index) }),
    }
  );
}
