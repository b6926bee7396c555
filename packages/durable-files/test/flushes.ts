import { readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** What a flush was asked of, as the kernel names it; called before the flush begins. */
export type OnFlush = (path: string) => Promise<void> | void;

/** Does the work while each flush of this process is told of, and answers the paths flushed, in order. */
export async function flushesOf(
  work: () => Promise<unknown>,
  onFlush: OnFlush = () => undefined,
): Promise<string[]> {
  const prototype = await prototypeOfHandles();
  const original = prototype.sync;
  const flushed: string[] = [];
  prototype.sync = async function sync(this: FileHandle) {
    const path = readlinkSync(`/proc/self/fd/${this.fd}`);
    await onFlush(path);
    await original.call(this);
    flushed.push(path);
  };
  try {
    await work();
  } finally {
    prototype.sync = original;
  }
  return flushed;
}

async function prototypeOfHandles(): Promise<Pick<FileHandle, 'sync'>> {
  const handle = await open('/');
  try {
    return Object.getPrototypeOf(handle) as Pick<FileHandle, 'sync'>;
  } finally {
    await handle.close();
  }
}
