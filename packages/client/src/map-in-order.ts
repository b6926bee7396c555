/**
 * Works on a few items at a time and yields the results in the order of the items. Reads the next item only
 * when a place is free, so memory is bounded by `inFlight` items and results. When the source fails, the
 * results of what was begun are yielded first. When a piece of work fails, so does the whole, after all that
 * was begun has ended: nothing runs on unseen.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  inFlight: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  const failures: unknown[] = [];
  try {
    for await (const item of untilFailure(items, failures)) {
      running.push(begun(work(item)));
      if (running.length >= inFlight) yield await (running.shift() as Promise<Result>);
    }
    for (let next = running.shift(); next; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
  if (failures.length > 0) throw failures[0];
}

async function* untilFailure<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  failures: unknown[],
): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    failures.push(error);
  }
}

/** A failure is reported when its turn comes; until then it must not count as unhandled. */
function begun<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}
