import type { MapHead, SlotProof } from '@mnv/erasure-tree';
import { asText } from './certificate-map.ts';
import type { EvidenceMapHead, EvidenceSlotProof } from './evidence.ts';

/** A map head as evidence carries it. */
export function mapHeadAsEvidence(head: MapHead): EvidenceMapHead {
  const { epoch, rootRef, topKeyCommitment, nodeHash } = head;
  return {
    epoch,
    rootRef,
    topKeyCommitment: asText(topKeyCommitment),
    nodeHash: asText(nodeHash),
  };
}

/** A slot's proof as evidence carries it. */
export function slotProofAsEvidence({ height, steps }: SlotProof): EvidenceSlotProof {
  return {
    height,
    steps: steps.map(({ keyCommitment, siblings }) => ({
      keyCommitment: asText(keyCommitment),
      siblings: siblings.map(asText),
    })),
  };
}
