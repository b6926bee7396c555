import { parseCheckpoint } from '../note/checkpoint.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { isKeyName, parseNote } from '../note/note-text.ts';
import { openNote } from '../note/open-note.ts';
import type { OpenedNote } from '../note/open-note.ts';
import { renamedVerifierKey } from '../note/verifier-key.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { NoteError } from '../transparency-log-error.ts';
import type { Quorum } from './quorum.ts';

/**
 * Which logs a `log` line names. `key-name`: the one whose origin is the name of the key, as C2SP
 * tlog-policy has it. `key-name-or-below`: also those whose origin is `name/segment`, which sign with
 * the same key under their own origin as key name: one line for a deployment of many logs. A line that
 * names an origin itself goes before one above it.
 */
export type OriginRule = 'key-name' | 'key-name-or-below';

/** A key of a policy file, with the URL of its line. */
export type PolicyKey = { readonly key: VerifierKey; readonly url: string | undefined };

/** A checkpoint that the policy accepts, and the witnesses that cosigned it. */
export type AcceptedCheckpoint = Checkpoint & {
  /** Names are the policy file's; timestamps POSIX seconds. Each witness once. */
  readonly cosigned: readonly { readonly witness: string; readonly timestamp: number }[];
};

type Parts = {
  logs: readonly PolicyKey[];
  witnesses: ReadonlyMap<string, PolicyKey>;
  quorum: Quorum;
  origins: OriginRule;
};

/** Which logs are trusted, and how many witnesses must have seen a checkpoint. Made by parsePolicy. */
export class Policy {
  readonly logs: readonly PolicyKey[];
  readonly witnesses: ReadonlyMap<string, PolicyKey>;
  readonly #quorum: Quorum;
  readonly #origins: OriginRule;

  constructor({ logs, witnesses, quorum, origins }: Parts) {
    this.logs = logs;
    this.witnesses = witnesses;
    this.#quorum = quorum;
    this.#origins = origins;
  }

  /**
   * Accepts a checkpoint note signed by a listed log, for its own origin, and cosigned by a quorum.
   * With `origin`, the checkpoint must be of exactly that log. Throws NoteError: what
   * {@link openNote} throws, `malformed-checkpoint`, `origin-mismatch`, `quorum-missing`.
   */
  verify(note: string | Uint8Array, expected: { origin?: string } = {}): AcceptedCheckpoint {
    const witnessKeys = [...this.witnesses.values()].map(({ key }) => key);
    const { checkpoint, opened } = this.#open(note, expected, witnessKeys);
    return { ...checkpoint, cosigned: this.#requireQuorum(opened) };
  }

  /**
   * Opens a checkpoint note as {@link verify} does, but asks no witness: for what a log signed before any had seen
   * it. Throws NoteError.
   */
  openSigned(note: string | Uint8Array, expected: { origin?: string } = {}): Checkpoint {
    return this.#open(note, expected, []).checkpoint;
  }

  #open(
    note: string | Uint8Array,
    { origin }: { origin?: string },
    witnessKeys: readonly VerifierKey[],
  ): { checkpoint: Checkpoint; opened: OpenedNote } {
    const checkpoint = parseCheckpoint(parseNote(note).text);
    const logKeys = this.logKeysOf(checkpoint.origin);
    if (logKeys.length === 0 || checkpoint.origin !== (origin ?? checkpoint.origin)) {
      throw new NoteError('origin-mismatch', 'the checkpoint is of a log that is not expected');
    }
    const opened = openNote(note, [...logKeys, ...witnessKeys]);
    if (!logKeys.some((key) => signed(opened, key))) {
      throw new NoteError('unsigned', 'no listed log signed the note');
    }
    return { checkpoint, opened };
  }

  /** The keys that may sign for the log of this origin, under the origin as name; none if it is not listed. */
  logKeysOf(origin: string): VerifierKey[] {
    const keys = this.logs.map(({ key }) => key);
    const named = keys.filter((key) => key.name === origin);
    if (named.length > 0 || this.#origins === 'key-name') return named;
    return keys
      .filter((key) => isDirectlyBelow(origin, key.name))
      .map((key) => renamedVerifierKey(key, origin));
  }

  #requireQuorum(opened: OpenedNote): AcceptedCheckpoint['cosigned'] {
    const cosigned = [...this.witnesses].flatMap(([witness, { key }]) => {
      const timestamp = signed(opened, key)?.timestamp;
      return timestamp === undefined ? [] : [{ witness, timestamp }];
    });
    if (!this.#quorum(new Set(cosigned.map(({ witness }) => witness)))) {
      throw new NoteError('quorum-missing', 'too few witnesses cosigned the checkpoint');
    }
    return cosigned;
  }
}

function signed(opened: OpenedNote, key: VerifierKey): OpenedNote['verified'][number] | undefined {
  return opened.verified.find(({ name, keyId }) => name === key.name && keyId === key.keyId);
}

function isDirectlyBelow(origin: string, name: string): boolean {
  const segment = origin.startsWith(`${name}/`) ? origin.slice(name.length + 1) : '';
  return !segment.includes('/') && isKeyName(segment);
}
