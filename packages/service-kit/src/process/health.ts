import { Router } from 'express';
import type { RequestHandler } from 'express';

const READY_WITHIN_MS = 1_000;

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: every check of what it needs resolves within
 * a second. Which one failed is not told. `facts` are told beside it: they are for people and dashboards, and
 * change nothing of the answer.
 */
export function healthRoutes(
  checks: readonly (() => Promise<unknown>)[],
  facts: () => object = () => ({}),
): Router {
  const live: RequestHandler = (_req, res) => void res.json({ status: 'live' });
  const ready: RequestHandler = async (_req, res) => {
    const sound = await allResolve(checks);
    res.status(sound ? 200 : 503).json({ ...facts(), status: sound ? 'ready' : 'not ready' });
  };
  return Router().get('/health/live', live).get('/health/ready', ready);
}

async function allResolve(checks: readonly (() => Promise<unknown>)[]): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), READY_WITHIN_MS);
  const all = Promise.all(checks.map(async (check) => check())).then(
    () => true,
    () => false,
  );
  const sound = await Promise.race([all, late.promise]);
  clearTimeout(timer);
  return sound;
}
