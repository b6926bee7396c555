import { Router } from 'express';
import { Refusal } from '@mnv/core';
import { parseTilePath } from '@mnv/transparency-log';
import type { StoredTiles } from '@mnv/transparency-log';
import { answerWithin, deadlineOf } from '../answer-within.ts';

/** The control log as a C2SP tlog-tiles log, its files in JSON. For the access proxy only. */
export function controlLogRoutes(deps: {
  newestCheckpoint(): Promise<{ size: number; note: string } | undefined>;
  tiles: StoredTiles;
}): Router {
  const router = Router();
  router.get('/internal/control-log/checkpoint', async (_req, res) => {
    const newest = await answerWithin(deadlineOf(1), deps.newestCheckpoint());
    if (!newest) throw new Refusal('not-found', 'The control log has no entry yet.');
    res.json({ note: newest.note });
  });
  router.get('/internal/control-log/*path', async (req, res) => {
    const path: unknown = req.params['path'];
    const file = answerWithin(deadlineOf(1), fileAt(Array.isArray(path) ? path.join('/') : ''));
    res.json({ file: Buffer.from(await file).toString('base64') });
  });
  return router;

  async function fileAt(path: string): Promise<Uint8Array> {
    const tile = parseTilePath(path);
    const newest = await deps.newestCheckpoint();
    const file = tile && newest && (await deps.tiles.file(tile, newest.size));
    if (!file) throw new Refusal('not-found', 'The control log has no such tile.');
    return file;
  }
}
