import { sha256, u32, u64, u8 } from './field-encoding.ts';

/**
 * The state of one position in the live-key map. EMPTY becomes LIVE, LIVE becomes ERASED, and ERASED is
 * terminal: a position is never used again.
 */
export type SlotState =
  | { readonly state: 'empty' }
  | { readonly state: 'live'; readonly position: number; readonly dekCommitment: Uint8Array }
  | {
      readonly state: 'erased';
      readonly position: number;
      readonly dekCommitment: Uint8Array;
      readonly erasedEpoch: number;
      /** Index of the control-log entry that announced the erasure. */
      readonly intentIndex: number;
    };

/** H(03). */
export const EMPTY_SLOT = sha256(u8(3));

/** EMPTY = H(03) · LIVE = H(04‖pos‖commitment) · ERASED = H(05‖pos‖commitment‖epoch‖intent index). */
export function slotHash(slot: SlotState): Buffer {
  if (slot.state === 'empty') return EMPTY_SLOT;
  const { position, dekCommitment } = slot;
  if (slot.state === 'live') return sha256(Buffer.concat([u8(4), u64(position), dekCommitment]));
  const erasure = [u32(slot.erasedEpoch), u64(slot.intentIndex)];
  return sha256(Buffer.concat([u8(5), u64(position), dekCommitment, ...erasure]));
}
