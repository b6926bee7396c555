import type { WitnessClient } from './witness-client.ts';

/** A log's newest checkpoint, and how far a witness has cosigned it as far as is remembered. */
export type LogToShow = {
  logId: string;
  origin: string;
  size: number;
  checkpoint: string;
  witnessedSize: number;
};

export type ShowDependencies = {
  consistencyProof(logId: string, size1: number, size2: number): Promise<Uint8Array[]>;
  /** The newest size of the log in the database now. */
  newestSize(logId: string): Promise<number>;
};

/**
 * How a witness took a checkpoint. `set-back`: it cosigned what this database does not hold, a larger tree
 * or another one, so the database is not the one the world has seen.
 */
export type Shown =
  | { result: 'cosigned'; note: string }
  | { result: 'passed' }
  /** `knownSize`: what it cosigned; undefined when the trees contradict each other. */
  | { result: 'set-back'; knownSize: number | undefined };

const MAX_TRIES = 3;

/**
 * Shows the newest checkpoint of a log to a witness, from the size it knows. Throws when the witness does
 * not answer as it must.
 */
export async function showCheckpoint(
  witness: WitnessClient,
  log: LogToShow,
  deps: ShowDependencies,
): Promise<Shown> {
  let oldSize = log.witnessedSize;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const proof =
      oldSize === 0 || oldSize === log.size
        ? []
        : await deps.consistencyProof(log.logId, oldSize, log.size);
    const { checkpoint } = log;
    const answer = await witness.addCheckpoint({ oldSize, proof, checkpoint });
    if (answer === 'contradiction') return { result: 'set-back', knownSize: undefined };
    if ('cosigned' in answer) return { result: 'cosigned', note: answer.cosigned };
    const { knownSize } = answer;
    if (knownSize === oldSize) return { result: 'set-back', knownSize: undefined };
    if (knownSize > log.size) {
      // Another instance may have shown it more meanwhile; if the database holds less, it was set back.
      const newest = await deps.newestSize(log.logId);
      return knownSize > newest ? { result: 'set-back', knownSize } : { result: 'passed' };
    }
    oldSize = knownSize;
  }
  return { result: 'passed' };
}
