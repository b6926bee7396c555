import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isEmptySecret, secretAt } from './opened-nodes.ts';
import type { OpenedNodes } from './opened-nodes.ts';
import { S_TREE, parentSlot, placeKey, slotsAbove } from './place.ts';
import type { Place, Slot, TenantTree } from './place.ts';
import type { RootProvider } from './root-provider.ts';
import type { Sealer } from './sealer.ts';
import { topKeyContext } from './top-key.ts';
import type { TreeNode, TreeStore } from './tree-store.ts';
import { UnopenableError } from './unopenable-error.ts';

export type TreeParts<Tx> = {
  readonly store: TreeStore<Tx>;
  readonly root: RootProvider;
  readonly deployment: string;
  readonly sealer: Sealer;
  readonly opened: OpenedNodes;
};

/** The part of a row that opening needs. */
export type SealedNode = Pick<TreeNode, 'place' | 'keyGeneration' | 'sealed'>;

export type OpenNode = { readonly key: KeyObject; readonly secrets: Buffer };

/** Whether keys may come from the cache, or the path to the root is read again. */
export type PathSource = 'cached' | 'fresh';

type Request<Tx> = {
  readonly tenant: TenantTree | undefined;
  readonly source: PathSource;
  readonly tx?: Tx | undefined;
};

/**
 * Opens a node whose row the caller holds. Throws {@link UnopenableError} when the key found for it does
 * not fit: with a cached path that may only mean that the path has changed.
 */
export async function openWith<Tx>(
  parts: TreeParts<Tx>,
  node: SealedNode,
  request: Request<Tx>,
): Promise<OpenNode> {
  const key = await keyOf(parts, node.place, request);
  return { key, secrets: openSealed(parts, node, { key, tenant: request.tenant }) };
}

/** Opens a node with a key the caller already has. */
export function openSealed<Tx>(
  { sealer, deployment }: TreeParts<Tx>,
  { place, keyGeneration, sealed }: SealedNode,
  { key, tenant }: { key: KeyObject; tenant: TenantTree | undefined },
): Buffer {
  const tenantId = tenantIdAt(place, tenant);
  return sealer.openNode(key, { deployment, tenantId, place, keyGeneration }, sealed);
}

/** S-tree nodes belong to no tenant. */
export function tenantIdAt(place: Place, tenant: TenantTree | undefined): string {
  return place.tree === S_TREE ? '' : (tenant?.tenantId ?? '');
}

async function keyOf<Tx>(
  parts: TreeParts<Tx>,
  place: Place,
  request: Request<Tx>,
): Promise<KeyObject> {
  const parent = parentSlot(place, request.tenant);
  if (parent && request.source === 'cached') {
    const secret = parts.opened.secretOf(parent.place, parent.slot);
    if (secret) return keyFrom(secret);
  }
  return keyByPath(parts, slotsAbove(place, request.tenant), request);
}

/** Reads the missing part of the path in one statement, so that it is one state of the tree. */
async function keyByPath<Tx>(
  parts: TreeParts<Tx>,
  slots: Slot[],
  request: Request<Tx>,
): Promise<KeyObject> {
  const cached = request.source === 'cached' ? nearestCached(parts.opened, slots) : undefined;
  const missing = cached ? slots.slice(0, cached.depth) : slots;
  const places = missing.map((slot) => slot.place);
  const rows = new Map<string, TreeNode>();
  for (const row of await parts.store.readNodes(places, request.tx))
    rows.set(placeKey(row.place), row);
  let key = cached?.key ?? (await topKey(parts, request.tx));
  for (const { place, slot } of missing.toReversed()) {
    const row = rows.get(placeKey(place));
    if (row === undefined) throw new UnopenableError();
    const secrets = openSealed(parts, row, { key, tenant: request.tenant });
    parts.opened.put(place, secrets);
    key = keyFrom(secretAt(secrets, slot));
    secrets.fill(0);
  }
  return key;
}

function nearestCached(
  opened: OpenedNodes,
  slots: Slot[],
): { depth: number; key: KeyObject } | undefined {
  for (const [depth, { place, slot }] of slots.entries()) {
    const secret = opened.secretOf(place, slot);
    if (secret) return { depth, key: keyFrom(secret) };
  }
  return undefined;
}

async function topKey<Tx>(
  { store, root, deployment, opened }: TreeParts<Tx>,
  tx?: Tx,
): Promise<KeyObject> {
  const head = await store.readHead(tx);
  if (head === undefined) throw new UnopenableError();
  const known = opened.topKey(head.sealedTopKey);
  if (known) return known;
  const context = topKeyContext(deployment, head.epoch);
  const raw = await root.open(head.rootRef, head.sealedTopKey, context);
  const key = createSecretKey(raw);
  raw.fill(0);
  opened.putTopKey(head.sealedTopKey, key);
  return key;
}

function keyFrom(secret: Buffer): KeyObject {
  if (isEmptySecret(secret)) throw new UnopenableError();
  return createSecretKey(secret);
}
