import { Router } from 'express';
import { Refusal } from '@mnv/core';
import { answerWithin, deadlineOf } from './answer-within.ts';
import type { EventCursor, RecordEvent } from './record-event.repository.ts';

const MAX_EVENTS = 1000;
const CURSOR = /^(0|[1-9]\d{0,19})-(0|[1-9]\d{0,18})$/;
const MAX_XID = 2n ** 64n - 1n;
const MAX_SEQ = 2n ** 63n - 1n;

type ReadEvents = (from: {
  after: EventCursor;
  limit: number;
}) => Promise<{ events: RecordEvent[]; cursor: EventCursor }>;

/**
 * The feed of what happens to records. A reader gives back the cursor it was given; an event is never skipped,
 * and comes at most a little late: while a transaction that began before it is still open.
 */
export function recordEventRoutes(readEvents: ReadEvents): Router {
  return Router().get('/internal/record-events', async (req, res) => {
    const asked = { after: cursorFrom(req.query['after']), limit: limitFrom(req.query['limit']) };
    const { events, cursor } = await answerWithin(deadlineOf(asked.limit), readEvents(asked));
    res.json({ events, cursor: `${cursor.xid}-${cursor.seq}` });
  });
}

function cursorFrom(text: unknown): EventCursor {
  if (text === undefined) return { xid: '0', seq: '0' };
  const [, xid, seq] = CURSOR.exec(typeof text === 'string' ? text : '') ?? [];
  if (xid === undefined || seq === undefined || BigInt(xid) > MAX_XID || BigInt(seq) > MAX_SEQ)
    throw new Refusal('invalid-request', 'Send the cursor as it was given.');
  return { xid, seq };
}

function limitFrom(text: unknown): number {
  if (text === undefined) return MAX_EVENTS;
  const limit = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_EVENTS)
    throw new Refusal('invalid-request', 'Send a limit from 1 to 1000.');
  return limit;
}
