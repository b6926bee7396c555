import { createSecretKey } from 'node:crypto';
import {
  RADIX,
  RootUnavailableError,
  UnopenableError,
  openNode,
  openRecord,
  placeKey,
  topKeyContext,
} from '@mnv/erasure-tree';
import type { Place, RootProvider, TreeHead } from '@mnv/erasure-tree';
import type { KeptNode } from './kept-blobs.ts';

const S_TREE = 0;
const S_ROOT: Place = { tree: S_TREE, level: 2, index: 0 };
const TENANT_LEVEL = 16;
const MAX_HEIGHT = 8;
const SECRET_BYTES = 32;

/** A sealed number of a base backup. */
export type KeptRecord = {
  tenantId: string;
  tree: number;
  recordId: string;
  position: number;
  blob: Buffer;
};

export type Loot = {
  deployment: string;
  /** Every seal of a top key that was ever kept. */
  heads: readonly TreeHead[];
  nodes: readonly KeptNode[];
  /** Tenant by the number of its tree. */
  tenants: ReadonlyMap<number, string>;
  root: RootProvider;
};

/**
 * Follows every edge from a root version that still opens to the key of a record, over all nodes of all times:
 * each key that is found is tried on every node that ever stood at its place.
 */
export async function keysInReach(loot: Loot): Promise<Map<string, Set<string>>> {
  const byPlace = Map.groupBy(loot.nodes, ({ place }) => placeKey(place));
  const found = new Map<string, Set<string>>();
  const queue: { place: Place; key: string }[] = [];
  const reach = (place: Place, key: string) => {
    const keys = found.get(placeKey(place)) ?? new Set<string>();
    if (keys.has(key)) return;
    found.set(placeKey(place), keys.add(key));
    queue.push({ place, key });
  };
  for (const key of await topKeys(loot)) reach(S_ROOT, key);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { place, key } = next;
    for (const node of byPlace.get(placeKey(place)) ?? []) {
      const secrets = tryOpen(loot, node, key);
      if (secrets === undefined) continue;
      for (const { place: below, key: inner } of childrenOf(place, secrets)) reach(below, inner);
    }
  }
  return found;
}

/** Whether any key in reach opens a record. */
export function isRecovered(
  record: KeptRecord,
  { deployment }: Loot,
  keys: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const { tenantId, recordId, position, blob } = record;
  const field = 'individual-number';
  const aad = { deployment, tenantId, recordId, position, field, schema: 1 } as const;
  return [...(keys.get(placeKey(recordPlace(record.tree, position))) ?? [])].some((key) => {
    try {
      openRecord({ dek: createSecretKey(Buffer.from(key, 'hex')), aad, blob }).fill(0);
      return true;
    } catch (error) {
      if (error instanceof UnopenableError) return false;
      throw error;
    }
  });
}

async function topKeys({ heads, root, deployment }: Loot): Promise<string[]> {
  const keys: string[] = [];
  for (const { rootRef, sealedTopKey, epoch } of heads) {
    try {
      const key = await root.open(rootRef, sealedTopKey, topKeyContext(deployment, epoch));
      keys.push(key.toString('hex'));
    } catch (error) {
      if (!(error instanceof RootUnavailableError)) throw error;
    }
  }
  return keys;
}

function tryOpen(
  { deployment, tenants }: Loot,
  { place, keyGeneration, sealed }: KeptNode,
  key: string,
): Buffer | undefined {
  const tenantId = place.tree === S_TREE ? '' : (tenants.get(place.tree) ?? '');
  try {
    const identity = { deployment, tenantId, place, keyGeneration };
    return openNode(createSecretKey(Buffer.from(key, 'hex')), identity, sealed);
  } catch (error) {
    if (error instanceof UnopenableError) return undefined;
    throw error;
  }
}

/** A key of a record is kept like a node below the leaves. */
function recordPlace(tree: number, position: number): Place {
  return { tree, level: -1, index: position };
}

function* childrenOf(place: Place, secrets: Buffer): Generator<{ place: Place; key: string }> {
  for (let slot = 0; slot < RADIX; slot += 1) {
    const secret = secrets.subarray(slot * SECRET_BYTES, (slot + 1) * SECRET_BYTES);
    if (secret.every((byte) => byte === 0)) continue;
    for (const below of placesBelow(place, slot))
      yield { place: below, key: secret.toString('hex') };
  }
}

/** A tenant node does not say how high its tree is or was: every height is tried. */
function placesBelow({ tree, level, index }: Place, slot: number): Place[] {
  const child = index * RADIX + slot;
  if (tree === S_TREE && level === 0) return [{ tree: child, level: TENANT_LEVEL, index: 0 }];
  if (level === TENANT_LEVEL)
    return Array.from({ length: MAX_HEIGHT }, (_, at) => ({ tree, level: at, index: 0 }));
  return [{ tree, level: level - 1, index: child }];
}
