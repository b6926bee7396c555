import { createHash } from 'node:crypto';
import type { TreeNode, TreeStore } from '../../src/index.ts';

/**
 * The live-key map once more, from the published layout and nothing of the product: big-endian fields, one
 * domain byte first, a binary tree over 64 slots.
 */
export type NaiveSlot = {
  readonly dekCommitment: Buffer;
  readonly erased?: { readonly epoch: number; readonly intentIndex: number };
};
/** The slots of a tenant that are not EMPTY, by position. */
export type NaiveTenant = {
  readonly tree: number;
  readonly height: number;
  readonly slots: ReadonlyMap<number, NaiveSlot>;
};

const number = (value: number, bytes: 1 | 4 | 8): Buffer => {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value));
  else buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

const hash = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

const EMPTY = hash(number(3, 1));

export function naiveDekCommitment(tenantId: string, position: number, dek: string): Buffer {
  const tenant = Buffer.from(tenantId, 'utf8');
  const length = Buffer.of(0, tenant.length);
  const key = Buffer.from(dek, 'hex');
  return hash(Buffer.from('mnv/dc/v1\0'), length, tenant, number(position, 8), key);
}

export function naiveKeyCommitment(place: TreeNode['place'], key: Buffer): Buffer {
  const { tree, level, index } = place;
  return hash(Buffer.from('mnv/kc/v1\0'), number(tree, 8), number(level, 1), number(index, 8), key);
}

function slotHash(position: number, { dekCommitment, erased }: NaiveSlot): Buffer {
  const fields = [number(position, 8), dekCommitment];
  if (erased === undefined) return hash(number(4, 1), ...fields);
  return hash(number(5, 1), ...fields, number(erased.epoch, 4), number(erased.intentIndex, 8));
}

function merkle(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0] as Buffer;
  const half = hashes.length / 2;
  return hash(number(1, 1), merkle(hashes.slice(0, half)), merkle(hashes.slice(half)));
}

/** The hash of the S-root that the nodes of a store make with these slots. */
export async function naiveRoot<Tx>(
  store: TreeStore<Tx>,
  tenants: readonly NaiveTenant[],
): Promise<Buffer> {
  const nodeHash = async (
    [tree, level, index]: readonly [number, number, number],
    slots: readonly Buffer[],
  ): Promise<Buffer> => {
    const [node] = await store.readNodes([{ tree, level, index }]);
    if (node === undefined) return EMPTY;
    const at = [number(tree, 8), number(level, 1), number(index, 8)];
    return hash(number(2, 1), ...at, node.keyCommitment, merkle(slots));
  };
  const below = async (
    { tree, slots }: NaiveTenant,
    level: number,
    index: number,
  ): Promise<Buffer> => {
    const children: Buffer[] = [];
    for (let at = index * 64; at < index * 64 + 64; at += 1) {
      const slot = slots.get(at);
      if (level > 0) children.push(await below({ tree, slots, height: 0 }, level - 1, at));
      else children.push(slot ? slotHash(at, slot) : EMPTY);
    }
    return nodeHash([tree, level, index], children);
  };
  const padded = (first: readonly Buffer[]) => [
    ...first,
    ...Array.from({ length: 64 - first.length }, () => EMPTY),
  ];
  const ordered: Buffer[] = [EMPTY];
  for (const tenant of tenants) {
    const top = await below(tenant, tenant.height - 1, 0);
    ordered[tenant.tree] = await nodeHash([tenant.tree, 16, 0], padded([top]));
  }
  const leaf = await nodeHash([0, 0, 0], padded(ordered));
  return nodeHash([0, 2, 0], padded([await nodeHash([0, 1, 0], padded([leaf]))]));
}

export function naiveMapHead(head: {
  epoch: number;
  rootRef: string;
  topKeyCommitment: Uint8Array;
  nodeHash: Uint8Array;
}): Buffer {
  const ref = Buffer.from(head.rootRef, 'utf8');
  const refs = [Buffer.of(0, ref.length), ref];
  return hash(number(6, 1), number(head.epoch, 4), ...refs, head.topKeyCommitment, head.nodeHash);
}
