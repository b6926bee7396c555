import type pg from 'pg';

/** A stored batch's end, with the root there and the roots of its perfect subtrees. */
export type BatchEnd = { start: number; size: number; root: Buffer; edge: Buffer };

export type NewBatch = {
  start: number;
  n: number;
  entries: Buffer;
  root: Buffer;
  checkpoint: string;
  edge: Buffer;
};

/** The newest batches first. */
export async function batchEnds(client: pg.ClientBase): Promise<BatchEnd[]> {
  const { rows } = await client.query<{ start: string; n: number; root: Buffer; edge: Buffer }>(
    'select start, n, root, edge from control_batch order by start desc',
  );
  return rows.map(({ start, n, root, edge }) => ({
    start: Number(start),
    size: Number(start) + n,
    root,
    edge,
  }));
}

/** Takes away what stands from a size on, and every derived tile. */
export async function removeBatches(client: pg.ClientBase, from: number): Promise<void> {
  await client.query('delete from control_batch where start >= $1', [from]);
  await client.query('delete from control_tile');
}

export async function insertBatch(client: pg.ClientBase, batch: NewBatch): Promise<void> {
  const { start, n, entries, root, checkpoint, edge } = batch;
  await client.query(
    'insert into control_batch (start, n, entries, root, checkpoint, edge) values ($1, $2, $3, $4, $5, $6)',
    [start, n, entries, root, checkpoint, edge],
  );
}
