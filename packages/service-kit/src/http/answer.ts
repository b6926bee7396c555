import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '@mnv/core';
import { beforeDeadline } from './before-deadline.ts';
import { deadlinePassed } from './deadline-passed.ts';

const REQUEST_DEADLINE_MS = 2_000;

/** What a route answers: an object goes out as JSON. */
export type Answer = { status?: number; type?: string; body: object | string | Buffer };

/**
 * A route that answers once, within two seconds unless it says otherwise. Its work returns the answer and
 * writes nothing, so that a late answer has nowhere to go; `waiting` is aborted when nobody waits for it any
 * more.
 */
export function answer(
  work: (req: Request, res: Response, waiting: AbortSignal) => Promise<Answer>,
  deadlineMs = REQUEST_DEADLINE_MS,
): RequestHandler {
  return async (req, res) => {
    const isOver = deadlinePassed(deadlineMs);
    const { status, type, body } = await whileAwaited(res, deadlineMs, (waiting) =>
      work(req, res, waiting),
    );
    // In the turn that writes: the results of many requests may come at once, and a process that was stopped under
    // the answers of some would go on with the others when their records are erased.
    if (isOver()) throw tooLate();
    res.status(status ?? 200);
    if (type !== undefined) res.type(type);
    res.send(body);
  };
}

/**
 * Work for a response, up to a deadline. The signal is aborted at the deadline and when the reader goes away.
 * The monotonic clock stands still in a machine that is suspended: the other one is looked at too when the
 * result is there.
 * @throws Refusal `deadline-exceeded`
 */
export async function whileAwaited<T>(
  res: Response,
  deadlineMs: number,
  work: (waiting: AbortSignal) => Promise<T>,
): Promise<T> {
  const waiting = new AbortController();
  const abandon = () => waiting.abort();
  res.once('close', abandon);
  const late = () => {
    abandon();
    return tooLate();
  };
  try {
    const deadline = performance.now() + deadlineMs;
    const isOver = deadlinePassed(deadlineMs);
    const result = await beforeDeadline(work(waiting.signal), deadline, late);
    if (isOver()) throw late();
    return result;
  } finally {
    res.off('close', abandon);
  }
}

function tooLate(): Refusal {
  return new Refusal('deadline-exceeded', 'The request took too long. Nothing was answered.');
}
