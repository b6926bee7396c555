/**
 * Works on at most `concurrency` items at a time and yields the results in the order of the items, each as soon
 * as it is there: who sends no more until it was answered is answered. Takes the next item only when there is
 * room, so a slow reader holds the source back. When the consumer stops or a result fails, nothing more is begun;
 * when the source fails, what was begun is still yielded first.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const source = items[Symbol.asyncIterator]();
  try {
    yield* resultsOf(source, concurrency, work);
  } finally {
    // Not awaited: a source that is being waited for ends by its own deadline.
    source.return?.().catch(() => undefined);
  }
}

async function* resultsOf<T, R>(
  source: AsyncIterator<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let taking: Promise<Taken<T>> | undefined = take(source);
  let end: Ended | undefined;
  while (taking || running.length > 0) {
    const taken: Taken<T> | undefined = await takenBefore(taking, running[0]);
    if (!taken) {
      yield await (running.shift() as Promise<R>);
    } else {
      taking = undefined;
      if ('item' in taken) running.push(begun(work(taken.item)));
      else end = taken;
    }
    if (!end && running.length < concurrency) taking ??= take(source);
  }
  if (end?.fault) throw end.fault.error;
}

type Ended = { fault?: { error: unknown } };
type Taken<T> = { item: T } | Ended;

/** The next item, or how the source ended. Never rejects. */
async function take<T>(source: AsyncIterator<T>): Promise<Taken<T>> {
  try {
    const next = await source.next();
    return next.done === true ? {} : { item: next.value };
  } catch (error) {
    return { fault: { error } };
  }
}

/** What was taken, unless the result is there first. Room is filled before anything is yielded. */
async function takenBefore<T>(
  taking: Promise<Taken<T>> | undefined,
  result: Promise<unknown> | undefined,
): Promise<Taken<T> | undefined> {
  if (!taking) return undefined;
  const there = () => undefined;
  return result ? Promise.race([taking, result.then(there, there)]) : taking;
}

/** Its failure is seen when its turn comes; until then it is not unhandled. */
function begun<R>(result: Promise<R>): Promise<R> {
  result.catch(() => undefined);
  return result;
}
