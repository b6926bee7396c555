import type { WitnessWord } from '@mnv/service-kit';
import { joinCosignatures } from '@mnv/transparency-log';
import type { TileLog } from '@mnv/transparency-log';

export type CosignedControl = { size: number; note: string; witnesses: number };

/**
 * Shows the control log to the witnesses and keeps what they cosigned: one note with all their lines, so that
 * a quorum of several can be met by it.
 */
export function keepingCosigned(
  show: (log: TileLog) => Promise<WitnessWord[]>,
  keep: (cosigned: CosignedControl) => Promise<void>,
): (log: TileLog) => Promise<WitnessWord[]> {
  return async (log) => {
    const words = await show(log);
    const notes = words.flatMap((word) => ('cosigned' in word ? [word.cosigned] : []));
    const { size } = log.checkpoint;
    if (notes.length > 0)
      await keep({ size, note: joinCosignatures(notes), witnesses: notes.length });
    return words;
  };
}
