import { createSecretKey } from 'node:crypto';
import { keyCommitment } from '../commitments.ts';
import { isEmptySecret, secretAt } from '../opened-nodes.ts';
import { S_ROOT, S_TREE, RADIX, comparePlaces, parentSlot, placeKey } from '../place.ts';
import type { Place, TenantTree } from '../place.ts';
import type { RootProvider } from '../root-provider.ts';
import { nodeSealer } from '../sealer.ts';
import { topKeyContext } from '../top-key.ts';
import type { TreeNode } from '../tree-store.ts';
import { UnopenableError } from '../unopenable-error.ts';
import { TreeExportError } from './export-parts.ts';
import type { ExportEnd, ExportHeader, ExportPart } from './export-parts.ts';
import { sampleByLeaf } from './restore-sample.ts';
import type { LeafSample, SampledRecord } from './restore-sample.ts';

export type VerifiedExport = {
  readonly header: ExportHeader;
  readonly end: ExportEnd;
  /** Keys of records in the tree: living ones, and those whose record is lost. */
  readonly keys: number;
  /** Of the sample. */
  readonly opened: number;
  readonly stayedShut: number;
};

export type VerifyOptions = {
  readonly root: RootProvider;
  readonly deployment: string;
  readonly sample: readonly SampledRecord[];
};

/**
 * Restores an export in memory, as far as that takes: every node is opened with the key its parent holds, from
 * the root version down, none is missing and none is too many; the sample of living records opens, that of
 * erased ones does not. Holds the inner nodes of one tenant at a time.
 * @throws TreeExportError `not-restorable` where the tree does not hold together; otherwise as it is read
 */
export async function verifyTreeExport(
  parts: AsyncIterable<ExportPart>,
  options: VerifyOptions,
): Promise<VerifiedExport> {
  const walk = new Walk(options);
  try {
    for await (const part of parts) {
      if (part.part === 'header') await walk.begin(part.header);
      if (part.part === 'tenant') walk.tenant(part.tenant);
      if (part.part === 'node') walk.node(part.node);
      if (part.part === 'end') return walk.finish(part.end);
    }
    throw new TreeExportError('truncated', 'the export ends before its end');
  } catch (error) {
    if (!(error instanceof UnopenableError)) throw error;
    throw notRestorable('a node or a record of the sample does not open');
  } finally {
    walk.wipe();
  }
}

class Walk {
  readonly #options: VerifyOptions;
  readonly #sample: Map<string, LeafSample>;
  readonly #tenants = new Map<number, TenantTree>();
  /** Opened inner nodes: those of the S-tree, and of the tenant's tree being read. */
  readonly #inner = new Map<string, Buffer>();
  readonly #counts = { keys: 0, opened: 0, stayedShut: 0, children: 1, nodes: 0 };
  #header: ExportHeader | undefined;
  #topKey: Buffer = Buffer.alloc(0);
  #last: Place | undefined;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#sample = sampleByLeaf(options.sample);
  }

  async begin(header: ExportHeader): Promise<void> {
    const { root, deployment } = this.#options;
    if (header.deployment !== deployment) throw notRestorable('it is of another deployment');
    const { rootRef, sealedTopKey, epoch } = header.head;
    this.#header = header;
    this.#topKey = await root.open(rootRef, sealedTopKey, topKeyContext(deployment, epoch));
  }

  tenant(tenant: TenantTree): void {
    if (this.#tenants.has(tenant.ordinal)) throw notRestorable('a tenant is there twice');
    this.#tenants.set(tenant.ordinal, tenant);
  }

  node(node: TreeNode): void {
    this.#requireOrder(node.place);
    this.#counts.nodes += 1;
    const tenant = this.#tenants.get(node.place.tree);
    const key = this.#keyOf(node.place, tenant);
    if (!keyCommitment(node.place, key).equals(node.keyCommitment))
      throw notRestorable('a key is not the one its node commits to');
    const { place, keyGeneration, sealed } = node;
    const tenantId = place.tree === S_TREE ? '' : (tenant?.tenantId ?? '');
    const identity = { deployment: this.#options.deployment, tenantId, place, keyGeneration };
    const secrets = nodeSealer.openNode(createSecretKey(key), identity, sealed);
    const held = countSecrets(secrets);
    if (place.tree !== S_TREE && place.level === 0) {
      this.#counts.keys += held;
      this.#trySample(placeKey(place), secrets);
      secrets.fill(0);
    } else {
      this.#counts.children += held;
      this.#inner.set(placeKey(place), secrets);
    }
  }

  finish(end: ExportEnd): VerifiedExport {
    const { keys, opened, stayedShut, children, nodes } = this.#counts;
    if (this.#header === undefined) throw notRestorable('it has no head');
    if (children !== nodes) throw notRestorable(`it lacks ${children - nodes} nodes`);
    const left = [...this.#sample.values()];
    if (left.some(({ living }) => living > 0)) throw notRestorable('it lacks living records');
    // Of an erased record not even the leaf is there.
    const absent = left.reduce((sum, { erased }) => sum + erased, 0);
    return { header: this.#header, end, keys, opened, stayedShut: stayedShut + absent };
  }

  wipe(): void {
    this.#topKey.fill(0);
    for (const secrets of this.#inner.values()) secrets.fill(0);
    this.#inner.clear();
  }

  /** Trees ascend, and within one the top comes first: so no node is met twice, and the last tree may go. */
  #requireOrder(place: Place): void {
    const last = this.#last;
    const ordered =
      last === undefined ||
      comparePlaces({ ...last, level: -last.level }, { ...place, level: -place.level }) < 0;
    if (!ordered) throw notRestorable('its nodes are not in order');
    if (last !== undefined && last.tree !== place.tree && last.tree !== S_TREE) this.#drop();
    this.#last = place;
  }

  #drop(): void {
    for (const [key, secrets] of this.#inner) {
      if (key.startsWith(`${S_TREE}/`)) continue;
      secrets.fill(0);
      this.#inner.delete(key);
    }
  }

  #keyOf(place: Place, tenant: TenantTree | undefined): Buffer {
    if (placeKey(place) === placeKey(S_ROOT)) return this.#topKey;
    const isKnown = place.tree === S_TREE || tenant !== undefined;
    const parent = isKnown ? parentSlot(place, tenant) : undefined;
    const secrets = parent && this.#inner.get(placeKey(parent.place));
    const key = secrets && parent && secretAt(secrets, parent.slot);
    if (!key || isEmptySecret(key)) throw notRestorable('a node hangs below nothing');
    return key;
  }

  #trySample(leaf: string, secrets: Buffer): void {
    const sample = this.#sample.get(leaf);
    if (sample === undefined) return;
    const { opened, stayedShut } = sample.tryOpen(secrets, this.#options.deployment);
    this.#counts.opened += opened;
    this.#counts.stayedShut += stayedShut;
    this.#sample.delete(leaf);
  }
}

function countSecrets(secrets: Buffer): number {
  let held = 0;
  for (let slot = 0; slot < RADIX; slot += 1)
    if (!isEmptySecret(secretAt(secrets, slot))) held += 1;
  return held;
}

function notRestorable(reason: string): TreeExportError {
  return new TreeExportError('not-restorable', `the export cannot be restored: ${reason}`);
}
