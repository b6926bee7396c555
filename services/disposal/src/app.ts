import type { KeyObject } from 'node:crypto';
import { Router } from 'express';
import type { Express } from 'express';
import type { Kysely } from 'kysely';
import type { Clock } from '@mnv/core';
import type {
  HeadRoom,
  Logger,
  Metrics,
  Repeated,
  ServiceClient,
  VerifyAccessToken,
} from '@mnv/service-kit';
import {
  authenticate,
  createApp as createExpressApp,
  healthRoutes,
  metricsRoutes,
} from '@mnv/service-kit';
import type { Policy } from '@mnv/transparency-log';
import type { DisposalDatabase } from './database.ts';
import { openApiDocument } from './openapi/document.ts';

export type AppDependencies = {
  deployment: string;
  db: Kysely<DisposalDatabase>;
  /** Signs the certificates. */
  signingKey: KeyObject;
  /** By which the vault's control log is known. */
  policy: Policy;
  proxy: ServiceClient;
  vault: ServiceClient;
  verifyAccessToken: VerifyAccessToken;
  log: Logger;
  metrics: Metrics;
  headRoom: Pick<HeadRoom, 'whenRoom'>;
  clock: Clock;
  /** Resolves when what the service needs is there. */
  ready(): Promise<unknown>;
};

export type DisposalService = {
  app: Express;
  /** What the service does by itself; not started. */
  jobs: readonly Repeated[];
};

/** Wires the service. Listens to nothing. */
export function createApp(deps: AppDependencies): DisposalService {
  const openApi = openApiDocument();
  const refusedCaller = deps.metrics.counter(
    'callers_refused_total',
    'Requests without a valid token',
  );
  const handlers = [
    deps.metrics.observe,
    healthRoutes([deps.ready]),
    metricsRoutes(deps.metrics, deps.deployment),
    Router().get('/openapi.json', (_req, res) => void res.json(openApi)),
    authenticate({
      verifyAccessToken: deps.verifyAccessToken,
      noteFailedAttempt: () => Promise.resolve(refusedCaller()),
    }),
  ];
  return { app: createExpressApp({ log: deps.log, handlers }), jobs: [] };
}
