import { sha256, u32, u64, u8, writeU64 } from './field-encoding.ts';

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

const LIVE_BYTES = 1 + 8 + 32;

/** H(03). */
export const EMPTY_SLOT = sha256(u8(3));

/** EMPTY = H(03) · LIVE = H(04‖pos‖commitment) · ERASED = H(05‖pos‖commitment‖epoch‖intent index). */
export function slotHash(slot: SlotState): Buffer {
  if (slot.state === 'empty') return EMPTY_SLOT;
  const { position, dekCommitment } = slot;
  const live = Buffer.alloc(LIVE_BYTES, 4);
  writeU64(live, position, 1);
  live.set(dekCommitment, 9);
  if (slot.state === 'live') return sha256(live);
  live.writeUInt8(5);
  return sha256(Buffer.concat([live, u32(slot.erasedEpoch), u64(slot.intentIndex)]));
}
