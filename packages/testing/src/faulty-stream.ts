import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageFilter } from './message-filter.ts';

/** What a direction of all connections does to the bytes it carries. The proxy changes it at any time. */
export interface Faults {
  delayMs: number;
  /** Bytes are taken and never delivered; neither end is told. */
  cut: boolean;
  /** Bytes that still pass before both ends are closed; undefined is no limit. */
  budget: number | undefined;
  filter: MessageFilter | undefined;
}

export const NO_FAULTS: Faults = { delayMs: 0, cut: false, budget: undefined, filter: undefined };

/** One direction of one connection. `close` ends both of its sockets. */
export interface Lane {
  readonly source: Socket;
  readonly target: Socket;
  readonly faults: Faults;
  readonly close: () => void;
}

/** Carries bytes in order from source to target through the faults in force when they arrive. */
export function carry(lane: Lane): void {
  let last = Promise.resolve();
  lane.source.on('data', (chunk: Buffer) => {
    const due = Date.now() + lane.faults.delayMs;
    last = last.then(() => deliver(lane, chunk, due)).catch(lane.close);
  });
  lane.source.on('end', () => {
    last = last.then(() => void (lane.faults.cut || lane.target.end()));
  });
}

async function deliver(lane: Lane, chunk: Buffer, due: number): Promise<void> {
  const { faults, source } = lane;
  const wait = due - Date.now();
  if (wait > 0) await pause(wait);
  if (faults.cut) return;
  await spend(lane, faults.filter?.pass(source, chunk) ?? chunk);
}

/** Writes what the budget allows. What was written is flushed before the end, so exactly that much arrives. */
async function spend({ faults, target, close }: Lane, bytes: Buffer): Promise<void> {
  const within = bytes.subarray(0, faults.budget ?? bytes.length);
  if (within.length > 0 && !target.write(within)) await once(target, 'drain');
  if (faults.budget === undefined) return;
  faults.budget -= within.length;
  if (faults.budget === 0) target.end(close);
}
