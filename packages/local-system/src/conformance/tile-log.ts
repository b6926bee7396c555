import {
  type Checkpoint,
  openCheckpoint,
  openTileLog,
  parseVerifierKey,
  writeTiles,
} from '@mnv/transparency-log';
import { bytesOfBase64 } from './hex.ts';
import { type Case, type Suite, type Verdict, passedIf } from './suite.ts';
import { orRefused } from './wycheproof.ts';

type LogFile = { verifier_key: string; entries: string[]; files: Record<string, string> };
type Opens = (note: string | Uint8Array) => Checkpoint;

const TILE = /^tile\/(?:0|entries)\/000\.p\/(\d+)$/;
const CHECKPOINT = /^checkpoint(?:\.(\d+))?$/;

const entriesOf = (log: LogFile, size: number): Buffer[] =>
  log.entries.slice(0, size).map((entry) => Buffer.from(entry));

/** What our writer puts under the path for a log of that many entries is the published file. */
async function isWrittenAlike(log: LogFile, path: string, size: number): Promise<boolean> {
  const written = new Map<string, Uint8Array>();
  await writeTiles({
    entries: entriesOf(log, size),
    put: async (name, bytes) => {
      written.set(name, bytes);
    },
  });
  return Buffer.from(written.get(path) ?? []).equals(bytesOfBase64(log.files[path] ?? ''));
}

/** The log of that checkpoint reads, from published tiles alone, as the entries it was made of. */
async function isReadBack(
  log: LogFile,
  note: Buffer,
  opens: Opens,
  size: number,
): Promise<boolean> {
  const files = new Map(
    Object.entries(log.files).map(([path, base64]) => [path, bytesOfBase64(base64)]),
  );
  files.set('checkpoint', note);
  const opened = await openTileLog(async (path) => files.get(path), opens);
  const entries = await Array.fromAsync(opened.entries());
  return (
    opened.checkpoint.size === size &&
    Buffer.concat(entries).equals(Buffer.concat(entriesOf(log, size)))
  );
}

/** No note with one flipped bit may open with another meaning. */
function isForgeryRefused(note: Buffer, opens: Opens): boolean {
  const meant = JSON.stringify(opens(note));
  return [...note.keys()].every((at) => {
    const forged = Buffer.from(note);
    forged.writeUInt8(note.readUInt8(at) ^ 1, at);
    const opened = orRefused(() => opens(forged));
    return opened === undefined || JSON.stringify(opened) === meant;
  });
}

function casesOfFile(log: LogFile, path: string): Case[] {
  const unknown = (): Verdict => 'failed';
  const [, width] = TILE.exec(path) ?? [];
  if (width)
    return [
      { name: path, judge: async () => passedIf(await isWrittenAlike(log, path, Number(width))) },
    ];
  const checkpoint = CHECKPOINT.exec(path);
  if (!checkpoint) return [{ name: path, judge: unknown }];
  const note = bytesOfBase64(log.files[path] ?? '');
  const size = Number(checkpoint[1] ?? log.entries.length);
  const opens: Opens = (given) => openCheckpoint(given, parseVerifierKey(log.verifier_key));
  return [
    { name: path, judge: async () => passedIf(await isReadBack(log, note, opens, size)) },
    { name: `${path} with a flipped bit`, judge: () => passedIf(isForgeryRefused(note, opens)) },
  ];
}

/** A log of another implementation, read and written by ours. */
export const tileLog: Suite = {
  matches: /(^|\/)tlog\/tessera-testdata-log\.json$/,
  cases: (data) => {
    const log = data as LogFile;
    return Object.keys(log.files).flatMap((path) => casesOfFile(log, path));
  },
};
