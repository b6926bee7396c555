import {
  appendLeaves,
  edgeFromBytes,
  edgeToBytes,
  encodeEntryBundle,
  leafHash,
  openTileLog,
  tileDirectory,
} from '@mnv/transparency-log';
import type { Policy, TileLog } from '@mnv/transparency-log';
import type pg from 'pg';
import { CommandError } from '../command.ts';
import { isControlOrigin } from '../control-entry-rules.ts';
import { batchEnds, insertBatch, removeBatches } from './control-log-tables.repository.ts';
import type { BatchEnd } from './control-log-tables.repository.ts';
import { restoringVault } from './vault-database.repository.ts';

export type RestoredLog = {
  size: number;
  /** Entries that were not in the database. */
  added: number;
  /** Entries that were, and are none of this log: written after an older database was put back. */
  removed: number;
};

/**
 * Brings the control log in the vault's database up to a copy of it, which is verified first under the policy.
 * What the database holds beyond the part both have in common is taken away. A shorter copy is refused.
 */
export async function restoreControlLog(order: {
  dsn: string;
  directory: string;
  policy: Policy;
}): Promise<RestoredLog> {
  const { fetch } = tileDirectory(order.directory);
  const log = await openTileLog(fetch, (note) => order.policy.verify(note));
  if (!isControlOrigin(log.checkpoint.origin))
    throw new CommandError('The directory holds another log than a control log.');
  const restoring = { dsn: order.dsn, reason: 'control log restored' };
  return restoringVault(restoring, (client) => bringUpTo(client, log));
}

async function bringUpTo(client: pg.ClientBase, log: TileLog): Promise<RestoredLog> {
  const ends = await batchEnds(client);
  const held = ends[0]?.size ?? 0;
  const common = await newestInCommon(ends, log);
  const from = common?.size ?? 0;
  const { size } = log.checkpoint;
  if (from === held && size === held) return { size, added: 0, removed: 0 };
  if (from === size)
    throw new CommandError('The database holds a longer control log than the directory. Keep it.');
  await removeBatches(client, from);
  const entries = await Array.fromAsync(log.entries(from, size));
  const leaves = entries.map((entry) => leafHash(entry));
  const edgeBefore = common ? edgeFromBytes(from, common.edge) : [];
  const edge = appendLeaves(from, edgeBefore, leaves);
  await insertBatch(client, {
    start: from,
    n: entries.length,
    entries: Buffer.from(encodeEntryBundle(entries)),
    root: Buffer.from(log.checkpoint.root),
    checkpoint: log.note,
    edge: Buffer.from(edgeToBytes(edge)),
  });
  return { size, added: entries.length, removed: held - from };
}

/** The newest batch that ends within the log, with the log's root at its end. */
async function newestInCommon(
  ends: readonly BatchEnd[],
  log: TileLog,
): Promise<BatchEnd | undefined> {
  for (const end of ends) {
    if (end.size <= log.checkpoint.size && (await log.extends(end))) return end;
  }
  return undefined;
}
