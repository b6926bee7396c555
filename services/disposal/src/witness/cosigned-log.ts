import type { WitnessWord } from '@mnv/service-kit';
import { joinCosignatures, openTileLog } from '@mnv/transparency-log';
import type { Checkpoint, FetchFile, Policy, TileLog } from '@mnv/transparency-log';

export type CosignedLogDependencies = {
  fetch: FetchFile;
  /** By the keys of the control log alone: the vault's own note has no cosignature. */
  openCheckpoint(note: string): Checkpoint;
  policy: Policy;
  /** The origin of the control log. */
  origin: string;
  showWitnesses(log: TileLog): Promise<WitnessWord[]>;
};

/** Nobody outside has seen the log as it is now: what rests on it has to wait. */
export class NotCosignedError extends Error {
  override readonly name = 'NotCosignedError';
}

/**
 * The control log as the vault shows it now, under a checkpoint that witnesses outside have just cosigned.
 * Throws NotCosignedError when none of them did, NoteError when fewer did than the policy wants.
 */
export async function openCosignedLog(deps: CosignedLogDependencies): Promise<TileLog> {
  const { policy, origin } = deps;
  const log = await openTileLog(deps.fetch, deps.openCheckpoint);
  const words = await deps.showWitnesses(log);
  const notes = words.flatMap((word) => ('cosigned' in word ? [word.cosigned] : []));
  if (notes.length === 0) throw new NotCosignedError('no witness cosigned the control log');
  const cosigned = joinCosignatures([log.note, ...notes]);
  policy.verify(cosigned, { origin });
  return { ...log, note: cosigned };
}
