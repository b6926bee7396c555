import type { WitnessWord } from '@mnv/service-kit';
import type { TileLog } from '@mnv/transparency-log';

/**
 * Shows the control log to the witnesses and keeps what they cosigned: one note with all their lines, so that
 * a quorum of several can be met by it.
 */
export function keepingCosigned(
  show: (log: TileLog) => Promise<WitnessWord[]>,
  keep: (checkpoint: { size: number; note: string }) => Promise<void>,
): (log: TileLog) => Promise<WitnessWord[]> {
  return async (log) => {
    const words = await show(log);
    const lines = words.flatMap((word) =>
      'cosigned' in word ? [word.cosigned.slice(log.note.length)] : [],
    );
    if (lines.length > 0)
      await keep({ size: log.checkpoint.size, note: log.note + lines.join('') });
    return words;
  };
}
