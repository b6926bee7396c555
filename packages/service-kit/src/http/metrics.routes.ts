import { Router } from 'express';
import { Refusal } from '@mnv/core';
import type { Metrics } from '../process/metrics.ts';
import { peerOf } from '../tls/peer.ts';

/** `GET /metrics`, for services of the deployment: how much is done is not the API clients' business. */
export function metricsRoutes({ routes }: Metrics, deployment: string): Router {
  const services = `spiffe://${deployment}/service/`;
  return Router()
    .use('/metrics', (req, _res, next) => {
      if (!peerOf(req).uri.startsWith(services))
        throw new Refusal('not-permitted', 'Metrics are for services of the deployment.');
      next();
    })
    .use(routes);
}
