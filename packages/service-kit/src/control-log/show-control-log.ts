import type { TileLog } from '@mnv/transparency-log';
import { showCheckpoint } from '../witness/show-checkpoint.ts';
import type { WitnessClient } from '../witness/witness-client.ts';

/**
 * What a witness answered, for the vault to judge: the note with its cosignature, or that it cosigned what
 * the vault does not hold.
 */
export type WitnessWord =
  | { cosigned: string }
  | { name: string; setBack: { size?: number | undefined } };

/** What a witness is told of as the log's id; it knows logs by their origin alone. */
const CONTROL = 'control';

export type ShowControlLogDependencies = {
  witnesses: readonly WitnessClient[];
  /** The size of the control log in the vault now. */
  newestSize(): Promise<number>;
  /** The alarm: a witness cosigned what the vault does not hold. */
  reportSetBack(facts: { peer: string; origin: string; size: number }): void;
  reportWitnessFault(peer: string, error: unknown): void;
};

/**
 * Shows the control log to every witness: the vault reaches none by itself, and a witness remembers what both
 * of us could forget. What a witness knows is asked of it, not kept here.
 */
export function makeShowControlLog(
  deps: ShowControlLogDependencies,
): (log: TileLog) => Promise<WitnessWord[]> {
  const witnessed = new Map<string, number>();

  async function show(witness: WitnessClient, log: TileLog): Promise<WitnessWord[]> {
    const { origin, size } = log.checkpoint;
    const witnessedSize = Math.min(witnessed.get(witness.name) ?? 0, size);
    const shown = await showCheckpoint(
      witness,
      { logId: CONTROL, origin, size, checkpoint: log.note, witnessedSize },
      {
        consistencyProof: (_logId, from) => log.consistencyProof(from),
        newestSize: () => deps.newestSize(),
      },
    );
    if (shown.result === 'passed') return [];
    if (shown.result === 'set-back') {
      deps.reportSetBack({ peer: witness.name, origin, size });
      return [{ name: witness.name, setBack: { size: shown.knownSize } }];
    }
    witnessed.set(witness.name, size);
    return [{ cosigned: shown.note }];
  }

  return async (log) => {
    const shows = deps.witnesses.map((witness) =>
      show(witness, log).catch((error: unknown): WitnessWord[] => {
        deps.reportWitnessFault(witness.name, error);
        return [];
      }),
    );
    return (await Promise.all(shows)).flat();
  };
}
