import { Router } from 'express';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import { parseTilePath, pathOf } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { answer, callerOf } from '@mnv/service-kit';
import type { Views } from '../log/view-log.ts';
import { witnessesWanted } from '../witness/witnesses-wanted.ts';

const NOTE = 'text/plain; charset=utf-8';

/** The vault's control log as a C2SP tlog-tiles log, for people of the operator company. */
export function controlLogRoutes(deps: {
  views: Views;
  fetch: FetchFile;
  /** The newest checkpoint that so many external witnesses cosigned, with their cosignatures. */
  newestWitnessed(witnesses: number): Promise<string | undefined>;
}): Router {
  const { views, fetch, newestWitnessed } = deps;
  const router = Router();
  router.get(
    '/v1/control-log/checkpoint',
    answer(async (_req, res) => {
      await views.begin(callerOf(res), OPERATOR_TENANT);
      const note = await fetch('checkpoint');
      if (!note) throw new Refusal('not-found', 'The control log has no entry yet.');
      return { type: NOTE, body: Buffer.from(note) };
    }),
  );
  router.get(
    '/v1/control-log/witnessed-checkpoint',
    answer(async (req, res) => {
      const witnesses = witnessesWanted(req);
      await views.begin(callerOf(res), OPERATOR_TENANT);
      const note = await newestWitnessed(witnesses);
      if (!note) throw new Refusal('not-found', 'Too few witnesses cosigned the control log yet.');
      return { type: NOTE, body: note };
    }),
  );
  router.get(
    '/v1/control-log/*path',
    answer(async (req, res) => {
      await views.goOn(callerOf(res), OPERATOR_TENANT);
      const path: unknown = req.params['path'];
      const tile = parseTilePath(Array.isArray(path) ? path.join('/') : String(path));
      const file = tile && (await fetch(pathOf(tile)));
      if (!file) throw new Refusal('not-found', 'The control log has no such tile.');
      return { type: 'application/octet-stream', body: Buffer.from(file) };
    }),
  );
  return router;
}
