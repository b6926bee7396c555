import { createSecretKey, randomBytes } from 'node:crypto';
import { keyCommitment } from './commitments.ts';
import { HASH_BYTES, SLOT_HASHES_BYTES } from './merkle64.ts';
import { SECRETS_BYTES, SECRET_BYTES } from './node-blob.ts';
import { tenantIdAt } from './node-opener.ts';
import type { TreeParts } from './node-opener.ts';
import { RADIX } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import { EMPTY_SLOT } from './slot-hash.ts';
import type { TreeNode } from './tree-store.ts';

/** A node being filled: secrets and slot hashes in clear, until {@link sealFresh}. */
export type Draft = {
  readonly place: Place;
  readonly key: Buffer;
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

const NO_SLOTS = Buffer.alloc(SLOT_HASHES_BYTES, EMPTY_SLOT);

/** 256 bits of the operating system's generator. Every secret of the tree is one. */
export function freshKey(): Buffer {
  return randomBytes(SECRET_BYTES);
}

export function draftNode(place: Place, key = freshKey()): Draft {
  const secrets = Buffer.alloc(SECRETS_BYTES);
  return { place, key, secrets, slotHashes: Buffer.from(NO_SLOTS) };
}

/** Puts a child's key into a parent in clear. The child's hash follows when the map is refreshed. */
export function putSecret(secrets: Buffer, slot: number, secret: Buffer): void {
  if (slot < 0 || slot >= RADIX) throw new RangeError('a node has 64 slots');
  secret.copy(secrets, slot * SECRET_BYTES);
}

export function putHash(slotHashes: Buffer, slot: number, hash: Uint8Array): void {
  slotHashes.set(hash, slot * HASH_BYTES);
}

type Birth = {
  readonly tenant: TenantTree | undefined;
  readonly epoch: number;
  readonly used: number;
};

/** The first row of a node: version 1, key generation 1, stale in the map. */
export function sealFresh<Tx>(parts: TreeParts<Tx>, draft: Draft, birth: Birth): TreeNode {
  const { place, key, secrets, slotHashes } = draft;
  const identity = {
    deployment: parts.deployment,
    tenantId: tenantIdAt(place, birth.tenant),
    place,
    keyGeneration: 1,
  };
  const sealed = parts.sealer.sealNode(createSecretKey(key), identity, secrets);
  return {
    place,
    version: 1,
    keyGeneration: 1,
    epoch: birth.epoch,
    used: birth.used,
    sealed,
    slotHashes,
    keyCommitment: keyCommitment(place, key),
    merkleHash: undefined,
  };
}
