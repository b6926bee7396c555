import type { EvidenceMapHead } from '@mnv/disposal-certificate';
import type { MapHead } from '@mnv/erasure-tree';

/** A map head from the form it is kept and handed out in. */
export function mapHeadFromJson(head: EvidenceMapHead): MapHead {
  return {
    epoch: head.epoch,
    rootRef: head.rootRef,
    topKeyCommitment: Buffer.from(head.topKeyCommitment, 'base64url'),
    nodeHash: Buffer.from(head.nodeHash, 'base64url'),
  };
}
