import type { RequestHandler } from 'express';
import { Router } from 'express';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export type Metrics = {
  registry: Registry;
  /** Counts and times every request by method and status. No path is a label: ids would be. */
  observe: RequestHandler;
  /** A count of its own, by a name of ours: what is returned adds one. */
  counter(name: string, help: string): () => void;
  /** A value of its own, by a name of ours: what is returned sets it. */
  gauge(name: string, help: string): (value: number) => void;
  /** `GET /metrics` in the format of Prometheus. */
  routes: Router;
};

/** The metrics of one process. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'status'] as const;
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['method'],
    buckets: SECONDS,
    registers: [registry],
  });

  const observe: RequestHandler = (req, res, next) => {
    const started = performance.now();
    res.once('close', () => {
      requests.inc({ method: req.method, status: res.statusCode });
      durations.observe({ method: req.method }, (performance.now() - started) / 1000);
    });
    next();
  };
  const counter = (name: string, help: string) => {
    const one = new Counter({ name, help, registers: [registry] });
    return () => one.inc();
  };
  const gauge = (name: string, help: string) => {
    const one = new Gauge({ name, help, registers: [registry] });
    return (value: number) => one.set(value);
  };
  const routes = Router().get('/metrics', async (_req, res) => {
    res.type('text/plain').send(await registry.metrics());
  });
  return { registry, observe, counter, gauge, routes };
}
