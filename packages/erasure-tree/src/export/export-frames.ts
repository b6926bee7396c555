import { NODE_BLOB_BYTES } from '../node-blob.ts';
import { HASH_BYTES } from '../merkle64.ts';
import { RADIX } from '../place.ts';
import type { TreeNode } from '../tree-store.ts';
import { TreeExportError } from './export-parts.ts';
import type { ExportHeader, ExportedTenant } from './export-parts.ts';

/** The first bytes of every export. */
export const MAGIC = Buffer.from('mnv-key-tree-export/1\n', 'latin1');
export const KIND = { header: 1, tenant: 2, node: 3, end: 9 } as const;
/** `kind1 ‖ length4`, then the payload. */
export const FRAME_HEAD_BYTES = 5;
export const MAX_PAYLOAD_BYTES = 16_384;
/** `tenants8 ‖ nodes8 ‖ SHA-256 of every byte before this frame`. */
export const END_BYTES = 48;

const SLOT_HASHES_BYTES = RADIX * HASH_BYTES;
const FIXED_BYTES = 8 + 1 + 8 + 8 + 4 + 4 + 1 + 1;
const NODE_BYTES = FIXED_BYTES + NODE_BLOB_BYTES + SLOT_HASHES_BYTES + 2 * HASH_BYTES;

export function frame(kind: number, payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES);
  head.writeUInt8(kind);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

export function headerPayload({ deployment, head, takenAt, controlSize }: ExportHeader): Buffer {
  const { epoch, rootRef, sealedTopKey } = head;
  const sealed = sealedTopKey.toString('base64');
  return json([deployment, epoch, rootRef, sealed, takenAt, controlSize]);
}

export function headerFrom(payload: Buffer): ExportHeader {
  const [deployment, epoch, rootRef, sealed, takenAt, controlSize] = listIn(payload);
  const texts = [deployment, rootRef, sealed].every((value) => typeof value === 'string');
  if (!texts || ![epoch, takenAt, controlSize].every(isCount)) throw malformed();
  return {
    deployment: String(deployment),
    head: {
      epoch: Number(epoch),
      rootRef: String(rootRef),
      sealedTopKey: Buffer.from(String(sealed), 'base64'),
    },
    takenAt: Number(takenAt),
    controlSize: Number(controlSize),
  };
}

export function tenantPayload({ tenantId, ordinal, height, leaves }: ExportedTenant): Buffer {
  return json([tenantId, ordinal, height, leaves]);
}

export function tenantFrom(payload: Buffer): ExportedTenant {
  const [tenantId, ordinal, height, leaves] = listIn(payload);
  if (typeof tenantId !== 'string' || ![ordinal, height, leaves].every(isCount)) throw malformed();
  return { tenantId, ordinal: Number(ordinal), height: Number(height), leaves: Number(leaves) };
}

export function nodePayload(node: TreeNode): Buffer {
  const { place, merkleHash } = node;
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeBigUInt64BE(BigInt(place.tree));
  fixed.writeUInt8(place.level, 8);
  fixed.writeBigUInt64BE(BigInt(place.index), 9);
  fixed.writeBigUInt64BE(BigInt(node.version), 17);
  fixed.writeUInt32BE(node.keyGeneration, 25);
  fixed.writeUInt32BE(node.epoch, 29);
  fixed.writeUInt8(node.used, 33);
  fixed.writeUInt8(merkleHash === undefined ? 0 : 1, 34);
  const hash = merkleHash ?? Buffer.alloc(HASH_BYTES);
  return Buffer.concat([fixed, node.sealed, node.slotHashes, node.keyCommitment, hash]);
}

export function nodeFrom(payload: Buffer): TreeNode {
  if (payload.length !== NODE_BYTES) throw malformed();
  const bytesAt = cutter(payload.subarray(FIXED_BYTES));
  const sealed = bytesAt(NODE_BLOB_BYTES);
  const slotHashes = bytesAt(SLOT_HASHES_BYTES);
  const keyCommitment = bytesAt(HASH_BYTES);
  const hash = bytesAt(HASH_BYTES);
  return {
    place: { tree: number64(payload, 0), level: payload.readUInt8(8), index: number64(payload, 9) },
    version: number64(payload, 17),
    keyGeneration: payload.readUInt32BE(25),
    epoch: payload.readUInt32BE(29),
    used: payload.readUInt8(33),
    sealed,
    slotHashes,
    keyCommitment,
    merkleHash: payload.readUInt8(34) === 0 ? undefined : hash,
  };
}

export function malformed(): TreeExportError {
  return new TreeExportError('malformed', 'this is no key-tree export, or one of another version');
}

/** Copies, so that a part does not keep alive the chunk it came in. */
function cutter(bytes: Buffer): (length: number) => Buffer {
  let at = 0;
  return (length) => {
    at += length;
    return Buffer.from(bytes.subarray(at - length, at));
  };
}

function number64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64BE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed();
  return Number(value);
}

function json(list: readonly (string | number)[]): Buffer {
  return Buffer.from(JSON.stringify(list), 'utf8');
}

function listIn(payload: Buffer): unknown[] {
  try {
    const list: unknown = JSON.parse(payload.toString('utf8'));
    if (Array.isArray(list)) return list;
  } catch {
    throw malformed();
  }
  throw malformed();
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
