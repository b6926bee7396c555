import { writeTreeExport } from '../../src/index.ts';
import type { ExportEnd, ExportedTenant, TreeNode, TreeStore } from '../../src/index.ts';
import { S_HEIGHT, S_TREE, TENANT_LEVEL } from '../../src/place.ts';
import { deployment } from './world.ts';

const ALL = { epoch: 2 ** 31, after: -1, limit: 10_000 };

/** The bytes of an export of a store that nobody writes to meanwhile. */
export async function exportOf<Tx>(
  store: TreeStore<Tx>,
  change: (nodes: TreeNode[]) => TreeNode[] = (nodes) => nodes,
): Promise<{ bytes: Buffer; end: ExportEnd }> {
  const head = await store.readHead();
  if (head === undefined) throw new Error('no tree');
  const tenants = (await store.tenants()).map((tree): ExportedTenant => ({ ...tree, leaves: 1 }));
  const nodes = await levelNodes(store, { tree: S_TREE, top: S_HEIGHT - 1 });
  for (const { ordinal } of tenants)
    nodes.push(...(await levelNodes(store, { tree: ordinal, top: TENANT_LEVEL })));
  const header = { deployment, head, takenAt: 1, controlSize: 0 };
  const writing = writeTreeExport({ header, tenants, nodes: change(nodes) });
  const chunks: Buffer[] = [];
  for (;;) {
    const { value, done } = await writing.next();
    if (done) return { bytes: Buffer.concat(chunks), end: value };
    chunks.push(value);
  }
}

async function levelNodes<Tx>(
  store: TreeStore<Tx>,
  { tree, top }: { tree: number; top: number },
): Promise<TreeNode[]> {
  const nodes: TreeNode[] = [];
  for (let level = top; level >= 0; level -= 1) {
    nodes.push(...(await store.readNodes(await store.scanBefore({ ...ALL, tree, level }))));
  }
  return nodes;
}

/** Bytes as they come from a disk: in pieces of any size. */
export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
