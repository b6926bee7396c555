import { mapHeadAsEvidence } from '@mnv/disposal-certificate';
import type { EvidenceMapHead } from '@mnv/disposal-certificate';
import type { MapHead } from '@mnv/erasure-tree';
import type { Kysely, QueryExecutorProvider, RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { EpochJob, EpochKind, EpochState, HeldJob } from './epoch-job.ts';
import { EpochLost } from './epoch-job.ts';
import { mapHeadFromJson } from './map-head-from-json.ts';

type Db = Kysely<VaultDatabase>;

type Row = {
  epoch: number;
  kind: EpochKind;
  state: EpochState;
  fence: string;
  log_from: string;
  root_from: string;
  map_before: EvidenceMapHead | null;
  map_after: EvidenceMapHead | null;
  intent_index: string | null;
  root_index: string | null;
  flipped_index: string | null;
  fenced_index: string | null;
  done_index: string | null;
};

const COLUMNS = sql`epoch, kind, state, fence, log_from, root_from, map_before, map_after, intent_index,
  root_index, flipped_index, fenced_index, done_index`;

/** Takes the open job over, if there is one: every other runner's writes fail from here on. */
export async function takeOpenJob(db: Db): Promise<EpochJob | undefined> {
  const { rows } = await sql<Row>`
    update epoch_job set fence = fence + 1 where state not in ('done', 'aborted')
    returning ${COLUMNS}`.execute(db);
  return rows[0] && jobFrom(rows[0]);
}

export async function findJob(db: Db, epoch: number): Promise<EpochJob | undefined> {
  const { rows } = await sql<Row>`select ${COLUMNS} from epoch_job where epoch = ${epoch}`.execute(
    db,
  );
  return rows[0] && jobFrom(rows[0]);
}

/** The largest epoch any job had, aborted ones too. */
export async function newestEpoch(db: Db): Promise<number> {
  const { rows } = await sql<{ epoch: number | null }>`
    select max(epoch) as epoch from epoch_job`.execute(db);
  return rows[0]?.epoch ?? 0;
}

/** When the tree stood on the root version of an epoch (ms), or undefined while it never did. */
export async function findFlip(db: Db, epoch: number): Promise<number | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select flipped_at as at from epoch_job where epoch = ${epoch}`.execute(db);
  return rows[0]?.at?.getTime();
}

/** Holds the job still for a transaction of its runner. Throws {@link EpochLost}. */
export async function fenceJob(
  { epoch, fence, state }: HeldJob,
  tx: QueryExecutorProvider,
): Promise<void> {
  const { rows } = await sql`select from epoch_job
    where epoch = ${epoch} and fence = ${fence} and state = ${state} for share`.execute(tx);
  if (rows.length !== 1) throw new EpochLost();
}

/** What a step leaves behind in the job. */
export type Progress = {
  state?: EpochState;
  mapBefore?: MapHead;
  mapAfter?: MapHead;
  intentIndex?: number;
  rootIndex?: number;
  flippedIndex?: number;
  fencedIndex?: number;
  doneIndex?: number;
};

/** Writes the progress of the job's runner, and answers the job as it is now. Throws {@link EpochLost}. */
export async function advanceJob(
  db: QueryExecutorProvider,
  { epoch, fence, state }: EpochJob,
  progress: Progress,
): Promise<EpochJob> {
  const { rows } = await sql<Row>`
    update epoch_job set ${sql.join(assignments({ state, ...progress }))}
    where epoch = ${epoch} and fence = ${fence} and state = ${state}
    returning ${COLUMNS}`.execute(db);
  if (!rows[0]) throw new EpochLost();
  return jobFrom(rows[0]);
}

function assignments(progress: Progress): RawBuilder<unknown>[] {
  const { state, mapBefore, mapAfter, ...indices } = progress;
  const json = (head: MapHead) => sql`${JSON.stringify(mapHeadAsEvidence(head))}::jsonb`;
  return [
    sql`state = ${state}`,
    ...(mapBefore ? [sql`map_before = ${json(mapBefore)}`] : []),
    ...(mapAfter ? [sql`map_after = ${json(mapAfter)}, flipped_at = now()`] : []),
    ...Object.entries(indices).map(
      ([name, index]) => sql`${sql.ref(INDEX_COLUMNS[name as keyof typeof indices])} = ${index}`,
    ),
  ];
}

const INDEX_COLUMNS = {
  intentIndex: 'intent_index',
  rootIndex: 'root_index',
  flippedIndex: 'flipped_index',
  fencedIndex: 'fenced_index',
  doneIndex: 'done_index',
} as const;

function jobFrom(row: Row): EpochJob {
  const place = (index: string | null) => (index === null ? undefined : Number(index));
  return {
    epoch: row.epoch,
    kind: row.kind,
    state: row.state,
    fence: Number(row.fence),
    logFrom: Number(row.log_from),
    rootFrom: row.root_from,
    mapBefore: row.map_before ? mapHeadFromJson(row.map_before) : undefined,
    mapAfter: row.map_after ? mapHeadFromJson(row.map_after) : undefined,
    intentIndex: place(row.intent_index),
    rootIndex: place(row.root_index),
    flippedIndex: place(row.flipped_index),
    fencedIndex: place(row.fenced_index),
    doneIndex: place(row.done_index),
  };
}
