import type { MapHead, SlotProof } from '@mnv/erasure-tree';
import type { EvidenceMapHead, EvidenceSlotProof } from './evidence.ts';

/** A map head as evidence carries it. */
export function mapHeadAsEvidence(head: MapHead): EvidenceMapHead {
  const { epoch, rootRef, topKeyCommitment, nodeHash } = head;
  return {
    epoch,
    rootRef,
    topKeyCommitment: base64url(topKeyCommitment),
    nodeHash: base64url(nodeHash),
  };
}

/** A slot's proof as evidence carries it. */
export function slotProofAsEvidence({ height, steps }: SlotProof): EvidenceSlotProof {
  return {
    height,
    steps: steps.map(({ keyCommitment, siblings }) => ({
      keyCommitment: base64url(keyCommitment),
      siblings: siblings.map(base64url),
    })),
  };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
