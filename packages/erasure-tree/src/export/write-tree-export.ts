import { createHash } from 'node:crypto';
import { u64 } from '../field-encoding.ts';
import type { TreeNode } from '../tree-store.ts';
import { KIND, MAGIC, frame, headerPayload, nodePayload, tenantPayload } from './export-frames.ts';
import type { ExportEnd, ExportSource, ExportedTenant } from './export-parts.ts';

/** Nodes a chunk: what is held in memory at once, 1 MB. */
const NODES_A_CHUNK = 256;

/**
 * The bytes of an export, in chunks; answers what a reader will find at its end. Sealed nodes leave as they
 * are: nothing is opened, and whoever has the file without the root version in its head has nothing.
 */
export async function* writeTreeExport({
  header,
  tenants,
  nodes,
}: ExportSource): AsyncGenerator<Buffer, ExportEnd> {
  const sum = createHash('sha256');
  const counts = { tenants: 0, nodes: 0, bytes: 0 };
  const counted = (chunk: Buffer): Buffer => {
    counts.bytes += chunk.length;
    sum.update(chunk);
    return chunk;
  };
  yield counted(Buffer.concat([MAGIC, frame(KIND.header, headerPayload(header))]));
  for await (const tenant of tenants as AsyncIterable<ExportedTenant>) {
    counts.tenants += 1;
    yield counted(frame(KIND.tenant, tenantPayload(tenant)));
  }
  let chunk: Buffer[] = [];
  for await (const node of nodes as AsyncIterable<TreeNode>) {
    counts.nodes += 1;
    if (chunk.push(frame(KIND.node, nodePayload(node))) < NODES_A_CHUNK) continue;
    yield counted(Buffer.concat(chunk));
    chunk = [];
  }
  if (chunk.length > 0) yield counted(Buffer.concat(chunk));
  const content = sum.copy().digest();
  const end = Buffer.concat([u64(counts.tenants), u64(counts.nodes), content]);
  yield counted(frame(KIND.end, end));
  return { ...counts, digest: sum.digest() };
}
