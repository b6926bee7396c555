import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import {
  END_BYTES,
  FRAME_HEAD_BYTES,
  KIND,
  MAGIC,
  MAX_PAYLOAD_BYTES,
  headerFrom,
  malformed,
  nodeFrom,
  tenantFrom,
} from './export-frames.ts';
import { TreeExportError } from './export-parts.ts';
import type { ExportEnd, ExportPart } from './export-parts.ts';

type Frame = { readonly kind: number; readonly payload: Buffer };
type Counts = { tenants: number; nodes: number; bytes: number };
type Seen = { readonly counts: Counts; readonly sum: Hash; order: number };

/**
 * Reads an export part by part. Attacker-controlled: what it yields counts for nothing until it has yielded
 * `end`. Then the file is whole and as it was written; who wrote it, only the digest in the control log says.
 * @throws TreeExportError
 */
export async function* readTreeExport(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ExportPart> {
  const seen: Seen = {
    counts: { tenants: 0, nodes: 0, bytes: 0 },
    sum: createHash('sha256'),
    order: 0,
  };
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let ended = false;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (!begun) {
      if (rest.length < MAGIC.length) continue;
      rest = withoutMagic(rest, seen);
      begun = true;
    }
    for (let next = firstFrame(rest); next !== undefined; next = firstFrame(rest)) {
      if (ended) throw new TreeExportError('altered', 'the export goes on after its end');
      const part = partFrom(next, seen);
      account(rest.subarray(0, sizeOf(next)), seen);
      rest = rest.subarray(sizeOf(next));
      ended = part.part === 'end';
      yield part.part === 'end' ? { part: 'end', end: finished(seen) } : part;
    }
  }
  if (!ended || rest.length > 0)
    throw new TreeExportError('truncated', 'the export ends before its end');
}

function withoutMagic(bytes: Buffer, seen: Seen): Buffer {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed();
  account(MAGIC, seen);
  return bytes.subarray(MAGIC.length);
}

function firstFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < FRAME_HEAD_BYTES) return undefined;
  const length = bytes.readUInt32BE(1);
  if (length > MAX_PAYLOAD_BYTES) throw malformed();
  const end = FRAME_HEAD_BYTES + length;
  if (bytes.length < end) return undefined;
  return { kind: bytes.readUInt8(), payload: bytes.subarray(FRAME_HEAD_BYTES, end) };
}

function sizeOf({ payload }: Frame): number {
  return FRAME_HEAD_BYTES + payload.length;
}

function account(bytes: Buffer, { counts, sum }: Seen): void {
  counts.bytes += bytes.length;
  sum.update(bytes);
}

function finished({ counts, sum }: Seen): ExportEnd {
  return { ...counts, digest: sum.copy().digest() };
}

/** Kinds never decrease, and there is one header. */
function partFrom({ kind, payload }: Frame, seen: Seen): ExportPart {
  if (kind < seen.order || (seen.order === 0) !== (kind === KIND.header)) throw malformed();
  seen.order = kind === KIND.header ? KIND.tenant : kind;
  if (kind === KIND.header) return { part: 'header', header: headerFrom(payload) };
  if (kind === KIND.tenant) {
    seen.counts.tenants += 1;
    return { part: 'tenant', tenant: tenantFrom(payload) };
  }
  if (kind === KIND.node) {
    seen.counts.nodes += 1;
    return { part: 'node', node: nodeFrom(payload) };
  }
  if (kind !== KIND.end || payload.length !== END_BYTES) throw malformed();
  requireEnd(payload, seen);
  return { part: 'end', end: finished(seen) };
}

function requireEnd(payload: Buffer, { counts, sum }: Seen): void {
  const said = { tenants: payload.readBigUInt64BE(0), nodes: payload.readBigUInt64BE(8) };
  const whole =
    said.tenants === BigInt(counts.tenants) &&
    said.nodes === BigInt(counts.nodes) &&
    payload.subarray(16).equals(sum.copy().digest());
  if (!whole) throw new TreeExportError('altered', 'the export is not as it was written');
}
