import type { Checkpoint, FetchFile, TileLog } from '@mnv/transparency-log';
import { openTileLog } from '@mnv/transparency-log';
import type { WitnessWord } from './show-control-log.ts';

/** A checkpoint of the control log as it was seen. */
export type SeenControlCheckpoint = { size: number; root: Uint8Array; note: string };

export type FollowDependencies = {
  fetch: FetchFile;
  openCheckpoint(note: string): Checkpoint;
  findNewestSeen(): Promise<SeenControlCheckpoint | undefined>;
  keepSeen(seen: SeenControlCheckpoint): Promise<void>;
  /** Writes the entry that this checkpoint was seen. */
  record(note: string): Promise<void>;
  showWitnesses(log: TileLog): Promise<WitnessWord[]>;
  /** Tells the vault what is remembered outside its database. */
  handOver(memory: { seen: string; witnesses: WitnessWord[] }): Promise<void>;
  /** The alarm: the control log went back, or became another. */
  reportContradiction(now: Checkpoint): void;
};

/**
 * Looks at the vault's control log once. What it shows must continue what was seen last; a log that grew is
 * recorded in the operator's log, then remembered, and shown to the witnesses. A crash in between makes a
 * second entry, never none. Whatever is remembered is handed to the vault, which does not release until it
 * knows: also when its log contradicts it.
 */
export async function followControlLog(deps: FollowDependencies): Promise<void> {
  // Read first: another instance may see a larger log while this one fetches.
  const last = await deps.findNewestSeen();
  const log = await openTileLog(deps.fetch, deps.openCheckpoint);
  const { size, root } = log.checkpoint;
  if (last && !(await log.extends(last))) {
    deps.reportContradiction(log.checkpoint);
    await deps.handOver({ seen: last.note, witnesses: await deps.showWitnesses(log) });
    return;
  }
  if (!last || size > last.size) {
    await deps.record(log.note);
    await deps.keepSeen({ size, root, note: log.note });
  }
  await deps.handOver({ seen: log.note, witnesses: await deps.showWitnesses(log) });
}
