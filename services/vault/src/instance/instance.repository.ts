import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

type Db = Kysely<VaultDatabase>;

export type Instance = { instanceId: string; bootId: string };

/** Takes an instance's name for this boot: a former process of the name finds that it lost it. */
export async function insertInstance(db: Db, { instanceId, bootId }: Instance): Promise<void> {
  await sql`
    insert into vault_instance (instance_id, boot_id, epoch_acked)
    select ${instanceId}, ${bootId}, epoch from tree_head
    on conflict (instance_id) do update
    set boot_id = excluded.boot_id, seen_at = clock_timestamp(), epoch_acked = excluded.epoch_acked,
      stopped = false`.execute(db);
}

/**
 * Says that the instance is alive and which flip it has acknowledged; answers the epoch of the tree. Undefined
 * when another process has taken the name.
 */
export async function beat(
  db: Db,
  { instanceId, bootId, acked }: Instance & { acked: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ epoch: number }>`
    update vault_instance set seen_at = clock_timestamp(), epoch_acked = ${acked}
    where instance_id = ${instanceId} and boot_id = ${bootId}
    returning (select epoch from tree_head) as epoch`.execute(db);
  return rows[0]?.epoch;
}

/** The instance answers nothing any more. */
export async function markStopped(db: Db, { instanceId, bootId }: Instance): Promise<void> {
  await sql`update vault_instance set stopped = true
    where instance_id = ${instanceId} and boot_id = ${bootId}`.execute(db);
}

/**
 * How many instances have acknowledged the flip of an epoch, and how many others were seen lately enough to
 * answer still. One that is silent for longer has lost its lease.
 */
export async function countInstances(
  db: Db,
  { epoch, silentMs }: { epoch: number; silentMs: number },
): Promise<{ acked: number; lagging: number }> {
  const { rows } = await sql<{ acked: string; lagging: string }>`
    select count(*) filter (where epoch_acked >= ${epoch}) as acked,
      count(*) filter (where epoch_acked < ${epoch}) as lagging
    from vault_instance
    where not stopped and seen_at > clock_timestamp() - make_interval(secs => ${silentMs / 1000})
    `.execute(db);
  return { acked: Number(rows[0]?.acked), lagging: Number(rows[0]?.lagging) };
}
