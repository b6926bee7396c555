import { Router } from 'express';
import type { Request } from 'express';
import { Refusal } from '@mnv/core';
import { encodeEntryBundle, parseTilePath } from '@mnv/transparency-log';
import type { Tile } from '@mnv/transparency-log';
import { answer } from '../answer.ts';
import { callerOf } from '../authenticate.ts';
import type { ReadBatches } from './read-entries.ts';
import { readEntryBytes } from './read-entries.ts';
import type { TileReader } from './read-nodes.ts';
import { TILE_WIDTH } from './read-nodes.ts';
import type { ViewLog } from './view-log.ts';

const NOTE = 'text/plain; charset=utf-8';

export type LogRouteDependencies = {
  viewLog: ViewLog;
  newestCheckpoint(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  /** The newest checkpoint that an external witness cosigned, with its cosignature. */
  newestWitnessed(logId: string): Promise<string | undefined>;
  readBatches: ReadBatches;
  tileReaderOf(logId: string): TileReader;
};

/** A tenant's log as a C2SP tlog-tiles log. */
export function logRoutes(deps: LogRouteDependencies): Router {
  const { viewLog, newestCheckpoint, newestWitnessed } = deps;
  const router = Router();
  router.get(
    '/v1/tenants/:tenantId/log/checkpoint',
    answer(async (req, res) => {
      const { logId } = await viewLog.begin(callerOf(res), tenantOf(req));
      const newest = await newestCheckpoint(logId);
      if (!newest) throw new Refusal('not-found', 'The log has no entry yet.');
      return { type: NOTE, body: newest.checkpoint };
    }),
  );
  router.get(
    '/v1/tenants/:tenantId/log/witnessed-checkpoint',
    answer(async (req, res) => {
      const { logId } = await viewLog.begin(callerOf(res), tenantOf(req));
      const note = await newestWitnessed(logId);
      if (!note) throw new Refusal('not-found', 'No witness has cosigned the log yet.');
      return { type: NOTE, body: note };
    }),
  );
  router.get(
    '/v1/tenants/:tenantId/log/*path',
    answer(async (req, res) => {
      const { logId } = await viewLog.goOn(callerOf(res), tenantOf(req));
      const path: unknown = req.params['path'];
      const tile = parseTilePath(Array.isArray(path) ? path.join('/') : String(path));
      const newest = await newestCheckpoint(logId);
      if (!tile || !newest || !covers(newest.size, tile))
        throw new Refusal('not-found', 'The log has no such tile.');
      return { type: 'application/octet-stream', body: await bytesOf(logId, tile, deps) };
    }),
  );
  return router;
}

function tenantOf(req: Request): string {
  return String(req.params['tenantId']);
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
