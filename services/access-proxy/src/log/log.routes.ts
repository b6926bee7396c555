import { Router } from 'express';
import type { Request, Response } from 'express';
import { Refusal } from '@mnv/core';
import { encodeEntryBundle, parseTilePath } from '@mnv/transparency-log';
import type { Tile } from '@mnv/transparency-log';
import { callerOf } from '../authenticate.ts';
import type { RecordAct } from '../record-act.ts';
import type { LogIdentity } from './log-head.ts';
import type { ReadBatches } from './read-entries.ts';
import { readEntryBytes } from './read-entries.ts';
import type { TileReader } from './read-nodes.ts';
import { TILE_WIDTH } from './read-nodes.ts';

export type LogRouteDependencies = {
  recordAct: RecordAct;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  newestCheckpoint(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  /** The newest checkpoint that an external witness cosigned, with its cosignature. */
  newestWitnessed(logId: string): Promise<string | undefined>;
  readBatches: ReadBatches;
  tileReaderOf(logId: string): TileReader;
};

/**
 * A tenant's log as a C2SP tlog-tiles log. Reading the checkpoint is an act and stands in the log itself; the
 * tiles below it are the same view and are not counted again.
 */
export function logRoutes(deps: LogRouteDependencies): Router {
  const router = Router();
  router.get('/v1/tenants/:tenantId/log/checkpoint', async (req, res) => {
    const tenantId = String(req.params['tenantId']);
    await deps.recordAct(callerOf(res), { operation: 'view-log', scope: 'log:read', tenantId });
    const newest = await deps.newestCheckpoint((await requireLog(req, res, deps)).logId);
    if (!newest) throw new Refusal('not-found', 'The log has no entry yet.');
    res.type('text/plain; charset=utf-8').send(newest.checkpoint);
  });
  router.get('/v1/tenants/:tenantId/log/witnessed-checkpoint', async (req, res) => {
    const tenantId = String(req.params['tenantId']);
    await deps.recordAct(callerOf(res), { operation: 'view-log', scope: 'log:read', tenantId });
    const note = await deps.newestWitnessed((await requireLog(req, res, deps)).logId);
    if (!note) throw new Refusal('not-found', 'No witness has cosigned the log yet.');
    res.type('text/plain; charset=utf-8').send(note);
  });
  router.get('/v1/tenants/:tenantId/log/*path', async (req, res) => {
    const { logId } = await requireLog(req, res, deps);
    const path: unknown = req.params['path'];
    const tile = parseTilePath(Array.isArray(path) ? path.join('/') : String(path));
    const newest = await deps.newestCheckpoint(logId);
    if (!tile || !newest || !covers(newest.size, tile))
      throw new Refusal('not-found', 'The log has no such tile.');
    res.type('application/octet-stream').send(await bytesOf(logId, tile, deps));
  });
  return router;
}

async function requireLog(
  req: Request,
  res: Response,
  deps: LogRouteDependencies,
): Promise<LogIdentity> {
  const { token } = callerOf(res);
  const tenantId = String(req.params['tenantId']);
  const log =
    token.tenant === tenantId && token.scopes.has('log:read')
      ? await deps.logOf(tenantId)
      : undefined;
  if (!log) throw new Refusal('not-found', 'There is no such tenant.');
  return log;
}

/** Whether the log is large enough to have all of a tile. */
function covers(size: number, tile: Tile): boolean {
  const level = tile.kind === 'entries' ? 0 : tile.level;
  const complete = Math.floor(size / 2 ** (8 * level));
  return tile.index * TILE_WIDTH + tile.width <= complete;
}

async function bytesOf(logId: string, tile: Tile, deps: LogRouteDependencies): Promise<Buffer> {
  if (tile.kind === 'hashes') {
    const { level, index: idx, width } = tile;
    return Buffer.concat(await deps.tileReaderOf(logId).readTile({ level, idx, width }));
  }
  const entries: Uint8Array[] = [];
  const first = tile.index * TILE_WIDTH;
  const end = first + tile.width;
  for await (const { bytes } of readEntryBytes(deps.readBatches, logId, first, end))
    entries.push(bytes);
  return Buffer.from(encodeEntryBundle(entries));
}
