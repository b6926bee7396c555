export { NoteError, TransparencyLogError } from './transparency-log-error.ts';
export type { TransparencyLogErrorCode } from './transparency-log-error.ts';

export { EMPTY_ROOT, HASH_LENGTH, leafHash, nodeHash } from './merkle/hash.ts';
export type { NodeCoordinate } from './merkle/tree-shape.ts';
export {
  appendLeaf,
  appendLeaves,
  edgeFromBytes,
  edgeNodesOf,
  edgeToBytes,
  rootOf,
} from './merkle/edge.ts';
export type { Edge, OnNode } from './merkle/edge.ts';
export { growTree } from './merkle/grow-tree.ts';
export type { GrownTree } from './merkle/grow-tree.ts';
export { consistencyNodesOf, inclusionNodesOf, rangeNodesOf } from './merkle/proof-nodes.ts';
export type { ProofNodes } from './merkle/proof-nodes.ts';
export {
  consistencyProof,
  consistencyProofSync,
  inclusionProof,
  inclusionProofSync,
  proofFromNodes,
  rangeProof,
  rangeProofSync,
} from './merkle/build-proof.ts';
export type { NodeAt, ReadNodes } from './merkle/build-proof.ts';
export { rootFromInclusion, verifyInclusion } from './merkle/verify-inclusion.ts';
export type { InclusionClaim } from './merkle/verify-inclusion.ts';
export { verifyConsistency } from './merkle/verify-consistency.ts';
export type { ConsistencyClaim } from './merkle/verify-consistency.ts';
export { rootFromRange, verifyRange } from './merkle/verify-range.ts';
export type { LeafRange } from './merkle/verify-range.ts';
export { inclusionProofsOfRange } from './merkle/expand-range.ts';

export { isKeyName, parseNote } from './note/note-text.ts';
export type { ParsedNote, SignatureLine } from './note/note-text.ts';
export { formatVerifierKey, parseVerifierKey } from './note/verifier-key.ts';
export type { SignatureType, VerifierKey } from './note/verifier-key.ts';
export { logVerifierKey, newLogKey, noteSigner, signNote } from './note/note-signer.ts';
export type { NoteSigner } from './note/note-signer.ts';
export { openNote } from './note/open-note.ts';
export type { OpenedNote, VerifiedSignature } from './note/open-note.ts';
export { formatCheckpoint, openCheckpoint, parseCheckpoint } from './note/checkpoint.ts';
export type { Checkpoint } from './note/checkpoint.ts';
export { cosigner, newWitnessKey, witnessVerifierKey } from './note/cosigner.ts';
export type { Cosigner } from './note/cosigner.ts';

export { parsePolicy } from './policy/parse-policy.ts';
export type { AcceptedCheckpoint, OriginRule, Policy, PolicyKey } from './policy/policy.ts';

export { formatTlogProof, parseTlogProof } from './proof/tlog-proof.ts';
export type { TlogProof } from './proof/tlog-proof.ts';
export { verifyTlogProof } from './proof/verify-tlog-proof.ts';
export type { OpenCheckpoint } from './proof/verify-tlog-proof.ts';

export { TILE_WIDTH, entryBundlePath, parseTilePath, pathOf, tilePath } from './tiles/tile-path.ts';
export type { Tile } from './tiles/tile-path.ts';
export { tileNodesOf, tilesOf } from './tiles/tiles-of-tree.ts';
export { MAX_ENTRY_LENGTH, decodeEntryBundle, encodeEntryBundle } from './tiles/entry-bundle.ts';

export { openTileLog, verifyTileLog } from './tiles/tile-log.ts';
export type { TileLog } from './tiles/tile-log.ts';
export type { FetchFile } from './tiles/verified-tiles.ts';
export { readStoredEntries } from './tiles/stored-entries.ts';
export type { ReadBatches, StoredBatch } from './tiles/stored-entries.ts';
export { storedTiles } from './tiles/stored-tiles.ts';
export type { StoredTiles, TileStore } from './tiles/stored-tiles.ts';
export { writeTiles } from './tiles/write-tiles.ts';
export type { PutFile, TilesToWrite } from './tiles/write-tiles.ts';
export { tileDirectory } from './tiles/tile-directory.ts';

export { addCosignatures } from './witness/add-cosignatures.ts';
export { joinCosignatures } from './witness/join-cosignatures.ts';
export {
  formatAddCheckpoint,
  formatTreeSize,
  parseAddCheckpoint,
  parseTreeSize,
} from './witness/add-checkpoint.ts';
export type { AddCheckpoint } from './witness/add-checkpoint.ts';
export { judgeAddCheckpoint } from './witness/judge-add-checkpoint.ts';
export type { Judgement, WitnessedLog } from './witness/judge-add-checkpoint.ts';
