import { lengthPrefixed, sha256, u32, u8 } from './field-encoding.ts';

/** The head of the live-key map: what the control log publishes at every flip and hourly. */
export type MapHead = {
  readonly epoch: number;
  readonly rootRef: string;
  /** The S-root's key commitment: its key is the top key. */
  readonly topKeyCommitment: Uint8Array;
  readonly nodeHash: Uint8Array;
};

/** H(06‖epoch‖root ref‖top key commitment‖hash of the S-root). */
export function mapHeadHash(head: MapHead): Buffer {
  const { epoch, rootRef, topKeyCommitment, nodeHash } = head;
  return sha256(
    Buffer.concat([u8(6), u32(epoch), lengthPrefixed(rootRef), topKeyCommitment, nodeHash]),
  );
}
