import { BatchStoppedError } from './batch-stopped-error.ts';
import { mapInOrder } from './map-in-order.ts';

/** Neighbouring items of a batch; `start` is the position of the first. */
export type Chunk<Item> = { start: number; items: Item[] };

type Outcome<Result> = { results: Result[] } | { failedAt: number; error: unknown };

/**
 * Sends a stream of items in chunks, a few in flight, and yields one result per item in order. A chunk that
 * fails stops the batch at a chunk border: no further chunk begins, those begun are still yielded, and then
 * the error says where to resume. Items after that point whose result was yielded may be left out then.
 * @throws BatchStoppedError
 */
export async function* runBatch<Item, Result>(batch: {
  items: AsyncIterable<Item> | Iterable<Item>;
  chunkSize: number;
  inFlight: number;
  work: (chunk: Chunk<Item>) => Promise<Result[]>;
}): AsyncGenerator<Result> {
  const failed: { failedAt: number; error: unknown }[] = [];
  const attempt = async (chunk: Chunk<Item>): Promise<Outcome<Result>> => {
    try {
      return { results: await batch.work(chunk) };
    } catch (error) {
      failed.push({ failedAt: chunk.start, error });
      return { failedAt: chunk.start, error };
    }
  };
  const chunks = chunksOf(batch.items, batch.chunkSize, () => failed.length > 0);
  for await (const outcome of mapInOrder(chunks, batch.inFlight, attempt)) {
    if ('results' in outcome) yield* outcome.results;
  }
  const first = failed.toSorted((a, b) => a.failedAt - b.failedAt)[0];
  if (first) throw new BatchStoppedError(first.failedAt, first.error);
}

/** Chunks of `size` items, the last one shorter; ends early once `stopped` says so. */
export async function* chunksOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
  stopped: () => boolean = () => false,
): AsyncGenerator<Chunk<Item>> {
  let chunk: Chunk<Item> = { start: 0, items: [] };
  for await (const item of items) {
    chunk.items.push(item);
    if (chunk.items.length < size) continue;
    if (stopped()) return;
    yield chunk;
    chunk = { start: chunk.start + size, items: [] };
  }
  if (chunk.items.length > 0 && !stopped()) yield chunk;
}
