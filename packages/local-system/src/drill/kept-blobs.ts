import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_BLOB_BYTES, readTreeExport } from '@mnv/erasure-tree';
import type { ExportedTenant, Place, TreeHead } from '@mnv/erasure-tree';

/** A sealed node as a thief finds it, with the place and key generation written beside it. */
export type KeptNode = { place: Place; keyGeneration: number; sealed: Buffer };

const BLOCK = 8192;
const SHORT_HEADER = 24;
const LONG_HEADER = 40;
const HAS_LONG_HEADER = 0x0002;
const WAL_FILE = /^[0-9A-F]{24}$/;
/** How PostgreSQL writes the length of a sealed node, and how the node's own bytes begin. */
const SEALED_STARTS = Buffer.alloc(6);
SEALED_STARTS.writeUInt32LE((NODE_BLOB_BYTES + 4) << 2);
SEALED_STARTS.writeUInt16LE(0x0101, 4);

/**
 * Every sealed node in the files of a cluster, whatever PostgreSQL itself would still show: living rows, dead
 * ones, and what the write-ahead log has kept.
 */
export function* nodesInCluster(directory: string): Generator<KeptNode> {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    yield* nodesIn(WAL_FILE.test(entry.name) ? withoutPageHeaders(bytes) : bytes);
  }
}

/** A record in the write-ahead log goes on behind the header of the next page. */
function withoutPageHeaders(bytes: Buffer): Buffer {
  const pages: Buffer[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
    const isLong = (bytes.readUInt16LE(at + 2) & HAS_LONG_HEADER) !== 0;
    pages.push(bytes.subarray(at + (isLong ? LONG_HEADER : SHORT_HEADER), at + BLOCK));
  }
  return Buffer.concat(pages);
}

/** The columns before `sealed` are of fixed width: tree, level, idx, version, key_generation, epoch, used. */
function* nodesIn(bytes: Buffer): Generator<KeptNode> {
  for (
    let at = bytes.indexOf(SEALED_STARTS);
    at !== -1;
    at = bytes.indexOf(SEALED_STARTS, at + 1)
  ) {
    const end = at + 4 + NODE_BLOB_BYTES;
    if (at < 44 || end > bytes.length) continue;
    const tree = Number(bytes.readBigInt64LE(at - 44));
    const level = bytes.readInt16LE(at - 36);
    const index = Number(bytes.readBigInt64LE(at - 28));
    const keyGeneration = bytes.readInt32LE(at - 12);
    const isNode = tree >= 0 && level >= 0 && level <= 16 && index >= 0 && keyGeneration > 0;
    if (!isNode) continue;
    const sealed = Buffer.from(bytes.subarray(at + 4, end));
    yield { place: { tree, level, index }, keyGeneration, sealed };
  }
}

/** What an export gives away: its head, the names of its tenants, its nodes. */
export async function partsOfExport(file: string): Promise<{
  head: TreeHead;
  tenants: ExportedTenant[];
  nodes: KeptNode[];
}> {
  let head: TreeHead | undefined;
  const tenants: ExportedTenant[] = [];
  const nodes: KeptNode[] = [];
  for await (const part of readTreeExport(createReadStream(file))) {
    if (part.part === 'header') ({ head } = part.header);
    if (part.part === 'tenant') tenants.push(part.tenant);
    if (part.part === 'node') nodes.push(part.node);
  }
  if (head === undefined) throw new Error('an export has no head');
  return { head, tenants, nodes };
}
