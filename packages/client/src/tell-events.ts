import type { JsonContext } from './json-call.ts';
import { linesOf, parseAnswer } from './read-answer.ts';
import type { RetentionEvent, ToldEvent } from './retention.ts';
import { mayRepeatIdempotently, repeating } from './retry.ts';
import { chunksOf } from './run-batch.ts';
import { TransportError } from './transport-error.ts';

const EVENTS_A_CHUNK = 500;
const DEADLINE_MS = 60_000;

/**
 * Tells events of any number in chunks, one after the other: what is told together is looked at together. An
 * event names itself, so a chunk whose answer was lost is told again.
 */
export async function* tellEvents(
  context: JsonContext,
  path: string,
  events: AsyncIterable<RetentionEvent> | Iterable<RetentionEvent>,
): AsyncGenerator<ToldEvent> {
  for await (const { items, start } of chunksOf(events, EVENTS_A_CHUNK)) {
    const outcomes = await tellChunk(context, path, items);
    if (outcomes.length !== items.length) throw new TransportError('answer-invalid', 'EVENTS');
    yield* outcomes.map((outcome) => ({ ...outcome, line: outcome.line + start }));
  }
}

function tellChunk(
  context: JsonContext,
  path: string,
  events: readonly RetentionEvent[],
): Promise<ToldEvent[]> {
  const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return repeating(context.retry, mayRepeatIdempotently, async () => {
    const answer = await context.call(context.tenant, () => ({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/x-ndjson' },
      body,
      deadlineMs: DEADLINE_MS,
    }));
    const outcomes: ToldEvent[] = [];
    for await (const line of linesOf(answer.body)) outcomes.push(parseAnswer(line) as ToldEvent);
    return outcomes;
  });
}
