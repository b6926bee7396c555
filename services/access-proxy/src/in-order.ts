/**
 * Works on at most `concurrency` items at a time and yields the results in the order of the items. Takes the
 * next item only when there is room, so a slow reader holds the source back. When the consumer stops or a
 * result fails, no further item is taken; when the source fails, what was begun is still yielded first.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  const source = untilFault(items);
  for await (const item of source.items) {
    const result = work(item);
    // Seen when its turn comes; until then a rejection is not unhandled.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= concurrency) yield await (running.shift() as Promise<R>);
  }
  while (running.length > 0) yield await (running.shift() as Promise<R>);
  if (source.fault) throw source.fault.error;
}

/** The items until their source fails, and then how. */
function untilFault<T>(items: AsyncIterable<T>) {
  const source: { items: AsyncGenerator<T>; fault?: { error: unknown } } = { items: take() };
  return source;

  async function* take(): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      source.fault = { error };
    }
  }
}
