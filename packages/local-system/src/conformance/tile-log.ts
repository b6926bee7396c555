import { growTree, leafHash, openCheckpoint, parseVerifierKey } from '@mnv/transparency-log';
import { bytesOfBase64, hexOf } from './hex.ts';
import { type Case, type Suite, passedIf } from './suite.ts';
import { orRefused } from './wycheproof.ts';

type LogFile = { verifier_key: string; entries: string[]; files: Record<string, string> };

const HASH_TILE = /^tile\/0\/000\.p\/(\d+)$/;
const ENTRY_BUNDLE = /^tile\/entries\/000\.p\/(\d+)$/;
const CHECKPOINT = /^checkpoint(?:\.(\d+))?$/;

/** The checkpoint opens under the log's key, its size is the file's, and the root is that of the entries. */
function isCheckpointRight(log: LogFile, note: Buffer, size: number): boolean {
  const head = openCheckpoint(note, parseVerifierKey(log.verifier_key));
  const { root } = growTree(0, [], leavesOf(log, size));
  return head.size === size && hexOf(head.root) === hexOf(root);
}

/** No single flipped bit of the note may leave it acceptable with another meaning. */
function isForgeryRefused(log: LogFile, note: Buffer): boolean {
  const key = parseVerifierKey(log.verifier_key);
  const meant = JSON.stringify(openCheckpoint(note, key));
  return [...note.keys()].every((at) => {
    const forged = Buffer.from(note);
    forged.writeUInt8(note.readUInt8(at) ^ 1, at);
    const opened = orRefused(() => openCheckpoint(forged, key));
    return opened === undefined || JSON.stringify(opened) === meant;
  });
}

const leavesOf = (log: LogFile, size: number): Uint8Array[] =>
  log.entries.slice(0, size).map((entry) => leafHash(Buffer.from(entry)));

function bundleOf(log: LogFile, size: number): Buffer {
  const parts = log.entries.slice(0, size).map((entry) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(entry));
    return Buffer.concat([length, Buffer.from(entry)]);
  });
  return Buffer.concat(parts);
}

function casesOfFile(log: LogFile, path: string, content: Buffer): Case[] {
  const [, tileWidth] = HASH_TILE.exec(path) ?? [];
  if (tileWidth) {
    const tile = (): Buffer => Buffer.concat(leavesOf(log, Number(tileWidth)));
    return [{ name: path, judge: () => passedIf(tile().equals(content)) }];
  }
  const [, bundleWidth] = ENTRY_BUNDLE.exec(path) ?? [];
  if (bundleWidth) {
    return [
      { name: path, judge: () => passedIf(bundleOf(log, Number(bundleWidth)).equals(content)) },
    ];
  }
  const checkpoint = CHECKPOINT.exec(path);
  if (!checkpoint) return [{ name: path, judge: () => 'failed' }];
  const size = Number(checkpoint[1] ?? log.entries.length);
  return [
    { name: path, judge: () => passedIf(isCheckpointRight(log, content, size)) },
    { name: `${path} with a flipped bit`, judge: () => passedIf(isForgeryRefused(log, content)) },
  ];
}

export const tileLog: Suite = {
  matches: /(^|\/)tlog\/tessera-testdata-log\.json$/,
  cases: (data) => {
    const log = data as LogFile;
    return Object.entries(log.files).flatMap(([path, base64]) =>
      casesOfFile(log, path, bytesOfBase64(base64)),
    );
  },
};
