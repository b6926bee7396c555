import type { KeyObject } from 'node:crypto';
import { decodeEntry } from '@mnv/protocol';
import { rangeProof, readStoredEntries, storedTiles } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import type { ArchiveStore } from './archive-store.ts';
import type { LogLedger } from './log-ledger.ts';
import { packEntries } from './segment-entries.ts';
import { newSealedKey, openSegmentKey, sealEntries } from './segment-seal.ts';
import type { FullTile } from './segment-tiles.ts';
import { tilesOver } from './segment-tiles.ts';
import { SEGMENT_ENTRIES, endOf, firstOf, manifestName, sealedName, tileName } from './segment.ts';
import type { SegmentManifest, SegmentPlace } from './segment.ts';
import { DamagedSegmentError, verifySegment } from './verify-segment.ts';

const PUTS_AT_ONCE = 32;

export type Archiving = {
  ledger: LogLedger;
  archive: ArchiveStore;
  archiveKey: KeyObject;
  policy: Policy;
  /** How long the archive has to keep a segment after its last entry. */
  retentionMs: number;
};

/**
 * Copies one full segment into the archive, reads every byte of it back, and only then says so in the database.
 * Its key is kept there before anything is sealed under it. A run that stopped anywhere is repeated as a whole:
 * what the archive holds already is left as it is and judged by the reading back.
 * @throws DamagedSegmentError, UnopenableSegmentError: then nothing of the segment may be dropped
 */
export async function archiveSegment(
  place: SegmentPlace & { origin: string },
  archiving: Archiving,
): Promise<void> {
  const { ledger, archive, archiveKey, policy } = archiving;
  const entries = await entriesOf(place, ledger);
  const { tiles, root } = tilesOver(place, entries);
  await ledger.keepTiles(place.logId, tiles);
  const segment = await ledger.beginSegment({
    ...place,
    root,
    sealedKey: newSealedKey(archiveKey, place),
    ...timesOf(entries),
  });
  if (!segment.sealedKey) throw new DamagedSegmentError('its key was destroyed');
  const key = openSegmentKey(archiveKey, segment.sealedKey, place);
  const retainUntil = new Date(segment.lastAt.getTime() + archiving.retentionMs);
  const put = (name: string, bytes: Uint8Array) => archive.put(name, bytes, retainUntil);
  await putTiles(place, tiles, put);
  const name = sealedName(place, key.id);
  await put(name, sealEntries(key, packEntries(entries), place));
  const manifest = await manifestOf(place, ledger);
  await put(manifestName(place), Buffer.from(JSON.stringify(manifest)));
  const verified = await verifySegment(archive, place, { policy, key });
  if (Buffer.compare(verified.root, segment.root) !== 0)
    throw new DamagedSegmentError('it is not the segment that was begun');
  await requireRetained(archive, name, retainUntil);
  await ledger.markReadBack(place);
}

async function entriesOf(place: SegmentPlace, ledger: LogLedger): Promise<Uint8Array[]> {
  const read: Parameters<typeof readStoredEntries>[0] = (range) =>
    ledger.readBatches(place.logId, range);
  const entries: Uint8Array[] = [];
  for await (const { bytes } of readStoredEntries(read, firstOf(place), endOf(place)))
    entries.push(bytes);
  if (entries.length !== SEGMENT_ENTRIES) throw new DamagedSegmentError('entries are missing');
  return entries;
}

function timesOf(entries: readonly Uint8Array[]): { firstAt: Date; lastAt: Date } {
  const timeOf = (entry: Uint8Array | undefined) => new Date(decodeEntry(entry as Uint8Array).t);
  return { firstAt: timeOf(entries[0]), lastAt: timeOf(entries.at(-1)) };
}

async function putTiles(
  place: SegmentPlace,
  tiles: readonly FullTile[],
  put: (name: string, bytes: Uint8Array) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < tiles.length; at += PUTS_AT_ONCE) {
    const some = tiles
      .slice(at, at + PUTS_AT_ONCE)
      .map((tile) => put(tileName(place, tile.level, tile.idx), tile.hashes));
    await Promise.all(some);
  }
}

async function manifestOf(
  place: SegmentPlace & { origin: string },
  ledger: LogLedger,
): Promise<SegmentManifest> {
  const { logId, idx, origin } = place;
  const newest = await ledger.newestCheckpoint(logId);
  if (!newest) throw new DamagedSegmentError('the log has no checkpoint');
  const { size, checkpoint } = newest;
  const { readNodes: read } = storedTiles(ledger.tilesOf(logId), (range) =>
    ledger.readBatches(logId, range),
  );
  const proof = await rangeProof(firstOf(place), SEGMENT_ENTRIES, { size, read });
  const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');
  return { v: 1, origin, logId, idx, checkpoint, proof: proof.map(base64) };
}

/** A store that promises to keep objects has to have promised it of this one. */
async function requireRetained(archive: ArchiveStore, name: string, until: Date): Promise<void> {
  if (!archive.enforcesRetention) return;
  const kept = await archive.retainedUntil(name);
  // Stores keep whole seconds.
  if (kept === undefined || kept.getTime() < until.getTime() - 1_000)
    throw new DamagedSegmentError('the archive does not promise to keep it');
}
