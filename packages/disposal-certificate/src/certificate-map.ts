import type { MapHead, MapProof, SlotProof } from '@mnv/erasure-tree';
import type { CertificateMap } from './certificate-format.ts';
import type { EvidenceMapHead, EvidenceSlotProof } from './evidence.ts';

/** A map as the certificate has it: every node once. */
export function mapAsText(head: EvidenceMapHead, { height, nodes }: MapProof): CertificateMap {
  const { epoch, rootRef, topKeyCommitment, nodeHash } = head;
  return {
    head: { epoch, rootRef, topKeyCommitment, nodeHash },
    height,
    nodes: nodes.map(({ place: { tree, level, index }, keyCommitment, siblings }) => ({
      tree,
      level,
      index,
      key: asText(keyCommitment),
      siblings: siblings.map(asText),
    })),
  };
}

export function mapHeadFrom({
  epoch,
  rootRef,
  topKeyCommitment,
  nodeHash,
}: EvidenceMapHead): MapHead {
  return {
    epoch,
    rootRef,
    topKeyCommitment: asBytes(topKeyCommitment),
    nodeHash: asBytes(nodeHash),
  };
}

export function mapProofFrom({ height, nodes }: CertificateMap): MapProof {
  return {
    height,
    nodes: nodes.map(({ tree, level, index, key, siblings }) => ({
      place: { tree, level, index },
      keyCommitment: asBytes(key),
      siblings: siblings.map(asBytes),
    })),
  };
}

export function slotProofFrom({ height, steps }: EvidenceSlotProof): SlotProof {
  return {
    height,
    steps: steps.map(({ keyCommitment, siblings }) => ({
      keyCommitment: asBytes(keyCommitment),
      siblings: siblings.map(asBytes),
    })),
  };
}

export function asBytes(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

export function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
