import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RememberedRelease } from '@mnv/client';
import { syncDirectory } from '@mnv/durable-files';
import { CommandError } from './command.ts';

/**
 * First line of a release file. The checkpoint is the log's, taken before the releases were read: whatever the
 * log says was delivered below its size has its release in the file.
 */
export type ReleasesHead = { v: 1; tenantId: string; checkpoint: string };
type ReleasesTail = { releases: number; sha256: string };

/** Writes head, releases and a last line with their number and digest; the file is whole or not there, and durable. */
export async function writeReleasesFile(
  file: string,
  head: Omit<ReleasesHead, 'v'>,
  releases: AsyncIterable<RememberedRelease>,
): Promise<number> {
  const aside = `${file}.${randomUUID()}`;
  const handle = await open(aside, 'wx', 0o600);
  const digest = createHash('sha256');
  let count = 0;
  const put = async (value: object) => {
    const line = `${JSON.stringify(value)}\n`;
    digest.update(line);
    await handle.write(line);
  };
  try {
    await put({ v: 1, ...head } satisfies ReleasesHead);
    for await (const release of releases) {
      await put(release);
      count += 1;
    }
    await put({ releases: count, sha256: digest.copy().digest('hex') } satisfies ReleasesTail);
    await handle.sync();
    await rename(aside, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return count;
}

/**
 * Reads a release file: its head, and every release in turn.
 * @throws CommandError when it is not one, or not as it was written
 */
export async function readReleasesFile(
  file: string,
  onRelease: (release: RememberedRelease) => void,
): Promise<ReleasesHead> {
  const digest = createHash('sha256');
  let head: ReleasesHead | undefined;
  let last: string | undefined;
  let count = 0;
  // One line behind, for the last one is about all the others.
  for await (const line of linesOf(file)) {
    if (last !== undefined) {
      digest.update(`${last}\n`);
      if (head === undefined) head = headOf(parsed(last, file), file);
      else {
        onRelease(releaseOf(parsed(last, file), file));
        count += 1;
      }
    }
    last = line;
  }
  const tail = parsed(last ?? '', file) as Partial<ReleasesTail>;
  if (!head || tail.releases !== count || tail.sha256 !== digest.digest('hex')) throw notOne(file);
  return head;
}

/** Cut at line feeds alone. Bytes that are no UTF-8 are replaced, and then the digest is another. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function headOf(value: Record<string, unknown>, file: string): ReleasesHead {
  const { v, tenantId, checkpoint } = value;
  if (v !== 1 || typeof tenantId !== 'string' || typeof checkpoint !== 'string') throw notOne(file);
  return { v, tenantId, checkpoint };
}

function releaseOf(value: Record<string, unknown>, file: string): RememberedRelease {
  const { day, rid, log, first, entries, at } = value;
  const sound =
    [day, rid, log, at].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(first) &&
    Array.isArray(entries) &&
    entries.every((entry) => typeof entry === 'string');
  if (!sound) throw notOne(file);
  return value as RememberedRelease;
}

function parsed(line: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw notOne(file);
}

function notOne(file: string): CommandError {
  return new CommandError(`${file} is not a whole, unaltered file of releases.`);
}
