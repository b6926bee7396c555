import { Refusal } from '@mnv/core';
import { deadlinePassed } from '@mnv/service-kit';

/** Before the proxy gives up on a call (1.5 s) or on a chunk (8 s), and destroys its socket. */
const CALL_DEADLINE_MS = 1_400;
export const CHUNK_DEADLINE_MS = 7_500;
const INTERACTIVE_ITEMS = 32;

/** How long the answer to a call about so many records may take. */
export function deadlineOf(items: number): number {
  return items > INTERACTIVE_ITEMS ? CHUNK_DEADLINE_MS : CALL_DEADLINE_MS;
}

/**
 * The answer, if it is there in time. Late work is not undone: what it answers goes nowhere, and a repeat
 * finds what it did. Judged by the clocks when the answer is there: in a process that was stopped the answer
 * may be heard of before the timer. Throws Refusal `deadline-exceeded`.
 */
export async function answerWithin<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooLate()), deadlineMs);
  const isOver = deadlinePassed(deadlineMs);
  try {
    const answer = await Promise.race([work, late.promise]);
    if (isOver()) throw tooLate();
    return answer;
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // it may still fail after nobody listens
  }
}

function tooLate(): Refusal {
  return new Refusal('deadline-exceeded', 'It took too long. Try again.');
}
