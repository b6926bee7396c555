import { randomBytes } from 'node:crypto';
import { encodeControlEntry } from '@mnv/protocol';
import type { ControlEntry, ControlEvent } from '@mnv/protocol';
import {
  cosigner,
  formatCheckpoint,
  growTree,
  leafHash,
  newLogKey,
  newWitnessKey,
  noteSigner,
  signNote,
  writeTiles,
} from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';

/** A control log as a vault writes it and a witness cosigns it; a hostile one may write what it likes. */
export type ControlLog = {
  readonly entries: ControlEntry[];
  /** Lines of a trust policy: the log, the witness, the quorum. */
  readonly policyLines: string;
  readonly logKey: string;
  /** Appends at the present instant; gives the index. A second goes by. */
  append(event: ControlEvent): number;
  wait(ms: number): void;
  now(): number;
  /** Tiles and checkpoint over these entries (by default all). */
  publish(options?: PublishOptions): Promise<{
    fetch: FetchFile;
    checkpoint: string;
    paths: ReadonlyMap<string, Uint8Array>;
  }>;
};

type PublishOptions = {
  entries?: readonly ControlEntry[];
  witnessed?: boolean;
  /** Of the cosignature, ms. */
  at?: number;
  /** Index of an entry that is not in its exact form. */
  spoilt?: number;
};

export function controlLog(deployment: string, start: number): ControlLog {
  const origin = `${deployment}/control`;
  const log = newLogKey(origin);
  const witness = newWitnessKey('witness.example/one');
  const entries: ControlEntry[] = [];
  let now = start;
  return {
    entries,
    logKey: log.vkey,
    policyLines: `log ${log.vkey}\nwitness one ${witness.vkey}\nquorum one\n`,
    append(event) {
      const entry = { v: 1 as const, t: now, n: randomBytes(16).toString('base64url'), ...event };
      now += 1000;
      return entries.push(entry) - 1;
    },
    wait: (ms) => {
      now += ms;
    },
    now: () => now,
    async publish({ entries: chosen = entries, witnessed = true, at = now, spoilt } = {}) {
      const bytes = chosen
        .map(encodeControlEntry)
        .map((entry, index) =>
          index === spoilt ? Buffer.concat([entry, Buffer.from(' ')]) : entry,
        );
      const tree = growTree(
        0,
        [],
        bytes.map((entry) => leafHash(entry)),
      );
      const note = formatCheckpoint({ origin, size: tree.size, root: tree.root });
      const signed = signNote(note, [noteSigner(origin, log.privateKey)]);
      const line = cosigner('witness.example/one', witness.privateKey).cosign(
        signed,
        Math.ceil(at / 1000),
      );
      const checkpoint = witnessed ? signed + line : signed;
      const files = new Map<string, Uint8Array>();
      await writeTiles({
        entries: bytes,
        put: async (path, file) => void files.set(path, file),
        checkpoint,
      });
      return { fetch: async (path) => files.get(path), checkpoint, paths: files };
    },
  };
}
