import { leafHash, verifyRange } from '@mnv/transparency-log';
import type { Checkpoint, Policy } from '@mnv/transparency-log';
import type { ArchiveStore } from './archive-store.ts';
import { unpackEntries } from './segment-entries.ts';
import { hashesOfTile, rootOfHashes } from './segment-tiles.ts';
import { openEntries } from './segment-seal.ts';
import type { SegmentKey } from './segment-seal.ts';
import { firstOf, manifestName, sealedName, tileName, tilesOfSegment } from './segment.ts';
import type { SegmentManifest, SegmentPlace } from './segment.ts';

/** Something in the archive is gone, or is not what the log's signed checkpoint covers. */
export class DamagedSegmentError extends Error {
  override readonly name = 'DamagedSegmentError';
}

export type VerifiedSegment = {
  /** Node (16, idx) of the log. */
  root: Uint8Array;
  /** The hash tiles over the entries, in order. */
  tiles: Uint8Array[];
  /** Undefined without a key: then the hashes alone are verified. */
  entries: Uint8Array[] | undefined;
};

/**
 * Reads a whole segment back from the archive and believes nothing else: its tiles under a checkpoint that the
 * policy's key signed, and its entries under its tiles.
 * @throws DamagedSegmentError, UnopenableSegmentError
 */
export async function verifySegment(
  archive: ArchiveStore,
  place: SegmentPlace,
  trust: { policy: Policy; key: SegmentKey | undefined },
): Promise<VerifiedSegment> {
  const { leaves, above } = tilesOfSegment(place);
  const tiles = await Promise.all(
    leaves.map(({ level, idx }) => fetch(archive, tileName(place, level, idx))),
  );
  const hashes = tiles.flatMap((tile) => hashesOf(tile));
  const roots = tiles.map((tile) => rootOfHashes(hashesOf(tile)));
  const stored = await fetch(archive, tileName(place, above.level, above.idx));
  if (!Buffer.concat(roots).equals(stored)) throw damaged('a hash tile is not that of its entries');
  const manifest = manifestFrom(await fetch(archive, manifestName(place)), place);
  requireSigned(manifest, { hashes, policy: trust.policy });
  const entries = trust.key && (await readEntries(archive, place, trust.key));
  if (entries && !entries.every((entry, at) => same(leafHash(entry), hashes[at])))
    throw damaged('an entry is not the one in the tree');
  return { root: rootOfHashes(roots), tiles, entries };
}

/**
 * The entries of a segment, opened. They are not proven: {@link verifySegment} did that.
 * @throws DamagedSegmentError, UnopenableSegmentError
 */
export async function readEntries(
  archive: ArchiveStore,
  place: SegmentPlace,
  key: SegmentKey,
): Promise<Uint8Array[]> {
  const packed = openEntries(key, await fetch(archive, sealedName(place, key.id)), place);
  try {
    return unpackEntries(packed);
  } catch {
    throw damaged('the sealed entries are not those of a segment');
  }
}

function requireSigned(
  { origin, idx, logId, proof, checkpoint }: SegmentManifest,
  { hashes, policy }: { hashes: Uint8Array[]; policy: Policy },
): void {
  const { size, root, origin: signed } = openSigned(checkpoint, policy);
  const first = firstOf({ logId, idx });
  const nodes = proof.map((hash) => Buffer.from(hash, 'base64'));
  if (signed !== origin || !origin.endsWith(`/${logId}`))
    throw damaged('the checkpoint is of another log');
  if (!verifyRange({ first, leafHashes: hashes, size, root, proof: nodes }))
    throw damaged('the hashes do not lead to the signed checkpoint');
}

function openSigned(note: string, policy: Policy): Checkpoint {
  try {
    return policy.openSigned(note);
  } catch {
    throw damaged('no key of the policy signed its checkpoint');
  }
}

function manifestFrom(bytes: Uint8Array, place: SegmentPlace): SegmentManifest {
  try {
    const manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as SegmentManifest;
    const { v, logId, idx, origin, checkpoint, proof } = manifest;
    const texts = [origin, checkpoint, ...proof].every((text) => typeof text === 'string');
    if (v === 1 && logId === place.logId && idx === place.idx && texts) return manifest;
  } catch {
    // Said below.
  }
  throw damaged('its manifest is not one');
}

async function fetch(archive: ArchiveStore, name: string): Promise<Uint8Array> {
  const bytes = await archive.get(name);
  if (bytes === undefined) throw damaged(`${name} is not there`);
  return bytes;
}

function hashesOf(tile: Uint8Array): Uint8Array[] {
  const hashes = hashesOfTile(tile);
  if (!hashes) throw damaged('a hash tile has not its length');
  return hashes;
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

function damaged(what: string): DamagedSegmentError {
  return new DamagedSegmentError(what);
}
