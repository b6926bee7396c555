export { createKeyTree } from './key-tree.ts';
export type { KeyTree, KeyTreeOptions } from './key-tree.ts';
export { MAX_ALLOCATION } from './allocate.ts';
export type { Allocation } from './fill-slots.ts';
export type { OpenLeaf } from './open-leaf.ts';
export { UnknownTenantError } from './tenant-trees.ts';
export type { CacheLimits } from './opened-nodes.ts';
export { erasureEpoch } from './erasure-epoch.ts';
export type { EpochStep, ErasureEpoch } from './erasure-epoch.ts';
export { isRotation } from './erasure-plan.ts';
export type { EpochHooks, ErasedSlot, ErasurePlan, Fence, Flip } from './erasure-plan.ts';
export { mapHeadBefore } from './close-leaves.ts';
export { refreshMap } from './refresh-map.ts';
export { mapHeadHash } from './map-head.ts';
export type { MapHead } from './map-head.ts';
export { UnprovableError, proveSlots } from './prove-slots.ts';
export type { ProvenSlot } from './prove-slots.ts';
export { isHashOfMapHead, provesSlot } from './slot-proof.ts';
export type { ProofStep, SlotClaim, SlotProof } from './slot-proof.ts';
export type { SlotState } from './slot-hash.ts';
export { keysOfProvenMap } from './map-proof.ts';
export type { MapClaim, MapProof, MapProofNode } from './map-proof.ts';
export { packSlotProofs, proofPacker } from './pack-proofs.ts';
export type { ProofPacker } from './pack-proofs.ts';
export { verifyErasure } from './erasure-proof.ts';
export type { ErasureEvidence, ErasureVerdict } from './erasure-proof.ts';
export { rootsBesideHead } from './roots-beside-head.ts';
export type { KnownRoot } from './roots-beside-head.ts';
export { nodeSealer } from './sealer.ts';
export type { Sealer } from './sealer.ts';
export { memoryStore } from './memory-store.ts';
export { StaleNodeError } from './tree-store.ts';
export type { LeafRow, Scan, TakenLeaves, TreeHead, TreeNode, TreeStore } from './tree-store.ts';
export { RADIX, comparePlaces, placeKey, slotOfPosition } from './place.ts';
export type { Place, TenantTree } from './place.ts';
export { createFileRoot } from './file-root.ts';
export type { FileRootOptions } from './file-root.ts';
export { RootUnavailableError, rootLabel } from './root-provider.ts';
export type {
  RootAssurance,
  RootDescription,
  RootEvidence,
  RootProvider,
  RootStatus,
} from './root-provider.ts';
export { RECORD_BLOB_BYTES, openRecord, sealRecord } from './record-blob.ts';
export type { RecordAad } from './record-blob.ts';
export { openDocument, sealDocument } from './document-blob.ts';
export type { DocumentAad } from './document-blob.ts';
export { individualNumberBlock, individualNumberFromBlock } from './number-block.ts';
export { NODE_BLOB_BYTES, openNode, sealNode } from './node-blob.ts';
export type { NodeIdentity } from './node-blob.ts';
export { UnopenableError } from './unopenable-error.ts';
export { TreeExportError } from './export/export-parts.ts';
export type {
  ExportEnd,
  ExportHeader,
  ExportPart,
  ExportSource,
  ExportedTenant,
} from './export/export-parts.ts';
export { writeTreeExport } from './export/write-tree-export.ts';
export { readTreeExport } from './export/read-tree-export.ts';
export { verifyTreeExport } from './export/verify-tree-export.ts';
export type { VerifiedExport, VerifyOptions } from './export/verify-tree-export.ts';
export type { SampledRecord } from './export/restore-sample.ts';
export { isSlotUnused } from './unused-slot.ts';
export { topKeyContext } from './top-key.ts';
