const GATHERED_WITHIN_MS = 200;

/** A line and its number in the stream, from 1. */
export type NumberedLine = { line: number; bytes: Buffer };

/**
 * Lines in chunks of at most `size`. A stream without lines has none. No line waits for others longer than
 * `gatheredWithinMs` (200 ms): who sends no more until it was answered is answered.
 */
export async function* inChunks(
  lines: AsyncIterable<Buffer>,
  size: number,
  { gatheredWithinMs = GATHERED_WITHIN_MS } = {},
): AsyncGenerator<NumberedLine[]> {
  const iterator = lines[Symbol.asyncIterator]();
  const source = lookingAhead(iterator);
  let line = 0;
  try {
    for (;;) {
      const chunk = await gather(source, size, gatheredWithinMs);
      if (chunk.length === 0) return;
      yield chunk.map((bytes) => ({ line: (line += 1), bytes }));
    }
  } finally {
    // Not awaited: a source that is being waited for ends by its own deadline.
    iterator.return?.().catch(() => undefined);
  }
}

type Source = { next(): Promise<IteratorResult<Buffer>>; step(): void };

/** What comes next is asked for ahead: its failure is seen in its turn, and until then it is not unhandled. */
function lookingAhead(iterator: AsyncIterator<Buffer>): Source {
  const ask = () => {
    const asked = iterator.next();
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  return { next: () => next, step: () => void (next = ask()) };
}

/** What comes soon after the first line, which may take its time; nothing at the end. */
async function gather(source: Source, size: number, withinMs: number): Promise<Buffer[]> {
  const chunk: Buffer[] = [];
  let one: IteratorResult<Buffer> | undefined = await source.next();
  const due = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => due.resolve(undefined), withinMs);
  try {
    while (one !== undefined && one.done !== true) {
      chunk.push(one.value);
      source.step();
      if (chunk.length === size) break;
      one = await Promise.race([source.next(), due.promise]);
    }
    return chunk;
  } finally {
    clearTimeout(timer);
  }
}
