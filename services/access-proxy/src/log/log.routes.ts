import { Router } from 'express';
import type { Request } from 'express';
import { Refusal } from '@mnv/core';
import { parseTilePath } from '@mnv/transparency-log';
import type { StoredTiles } from '@mnv/transparency-log';
import { answer, callerOf } from '@mnv/service-kit';
import { witnessesWanted } from '../witness/witnesses-wanted.ts';
import type { LogIdentity } from './log-head.ts';
import type { Views } from './view-log.ts';

const NOTE = 'text/plain; charset=utf-8';

export type LogRouteDependencies = {
  views: Views;
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  newestCheckpoint(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  /** The newest checkpoint that so many external witnesses cosigned, with their cosignatures. */
  newestWitnessed(logId: string, witnesses: number): Promise<string | undefined>;
  tileReaderOf(logId: string): StoredTiles;
};

/** A tenant's log as a C2SP tlog-tiles log. */
export function logRoutes(deps: LogRouteDependencies): Router {
  const { views, newestCheckpoint, newestWitnessed, tileReaderOf } = deps;
  const router = Router();
  router.get(
    '/v1/tenants/:tenantId/log/checkpoint',
    answer(async (req, res) => {
      await views.begin(callerOf(res), tenantOf(req));
      const logId = await logIdOf(tenantOf(req));
      const newest = await newestCheckpoint(logId);
      if (!newest) throw new Refusal('not-found', 'The log has no entry yet.');
      return { type: NOTE, body: newest.checkpoint };
    }),
  );
  router.get(
    '/v1/tenants/:tenantId/log/witnessed-checkpoint',
    answer(async (req, res) => {
      const witnesses = witnessesWanted(req);
      await views.begin(callerOf(res), tenantOf(req));
      const logId = await logIdOf(tenantOf(req));
      const note = await newestWitnessed(logId, witnesses);
      if (!note) throw new Refusal('not-found', 'Too few witnesses cosigned the log yet.');
      return { type: NOTE, body: note };
    }),
  );
  router.get(
    '/v1/tenants/:tenantId/log/*path',
    answer(async (req, res) => {
      await views.goOn(callerOf(res), tenantOf(req));
      const logId = await logIdOf(tenantOf(req));
      const path: unknown = req.params['path'];
      const tile = parseTilePath(Array.isArray(path) ? path.join('/') : String(path));
      const newest = await newestCheckpoint(logId);
      const body = tile && newest && (await tileReaderOf(logId).file(tile, newest.size));
      if (!body) throw new Refusal('not-found', 'The log has no such tile.');
      return { type: 'application/octet-stream', body: Buffer.from(body) };
    }),
  );
  return router;

  async function logIdOf(tenantId: string): Promise<string> {
    const log = await deps.logOf(tenantId);
    if (!log) throw new Refusal('not-found', 'There is no such tenant.');
    return log.logId;
  }
}

function tenantOf(req: Request): string {
  return String(req.params['tenantId']);
}
