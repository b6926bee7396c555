import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '@mnv/core';
import { LineBuffer } from './line-buffer.ts';

const DEFAULT_MAX_LINE_BYTES = 65_536;
const DEFAULT_IDLE_MS = 10_000;
const DEFAULT_LINE_MS = 30_000;

/**
 * The lines of a stream without their newline; empty lines are left out. The stream is paused while a line
 * is being worked on. Throws Refusal `body-too-large` for a line over `maxLineBytes` (64 kB), and
 * `deadline-exceeded` when nothing arrives for `idleMs` (10 s) although we wait, or no whole line within
 * `lineMs` (30 s) of waiting. Whoever stops early ends the stream; a request can still be answered.
 */
export async function* readLines(
  stream: Readable,
  {
    maxLineBytes = DEFAULT_MAX_LINE_BYTES,
    idleMs = DEFAULT_IDLE_MS,
    lineMs = DEFAULT_LINE_MS,
  } = {},
): AsyncGenerator<Buffer, void, void> {
  const lines = new LineBuffer(maxLineBytes);
  const patience = { idleMs, leftMs: lineMs };
  for await (const chunk of untilIdle(stream, patience)) {
    for (const line of lines.push(chunk)) {
      if (line.length === 0) continue;
      patience.leftMs = lineMs;
      yield line;
    }
  }
  const last = lines.take();
  if (last.length > 0) yield last;
}

/** For how long nothing may arrive, and how much longer we wait for a line: bytes one by one are no line. */
type Patience = { idleMs: number; leftMs: number };

async function* untilIdle(
  stream: Readable,
  patience: Patience,
): AsyncGenerator<Buffer, void, void> {
  const iterator: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const since = performance.now();
      const next = await beforeDeadline(
        iterator.next(),
        Math.min(patience.idleMs, patience.leftMs),
      );
      patience.leftMs -= performance.now() - since;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream that is stuck would keep us here.
    iterator.return?.().catch(() => undefined);
  }
}

async function beforeDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooSlow()), deadlineMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/**
 * Writes to a response and waits while its reader is behind. Throws Refusal `deadline-exceeded`, and destroys
 * the response, when the reader takes nothing for `idleMs`; throws when it went away.
 */
export async function writeLine(
  res: ServerResponse,
  text: string | Uint8Array,
  { idleMs = DEFAULT_IDLE_MS } = {},
): Promise<void> {
  if (res.destroyed) throw gone();
  if (res.write(text)) return;
  const drained = Promise.withResolvers<void>();
  const onDrain = () => drained.resolve();
  const onClose = () => drained.reject(gone());
  res.once('drain', onDrain).once('close', onClose);
  try {
    await beforeDeadline(drained.promise, idleMs);
  } catch (error) {
    res.destroy();
    throw error;
  } finally {
    res.off('drain', onDrain).off('close', onClose);
  }
}

const tooSlow = () =>
  new Refusal('deadline-exceeded', 'The other side of the stream did not move in time.');
const gone = () => new Refusal('deadline-exceeded', 'The reader of the answer went away.');
