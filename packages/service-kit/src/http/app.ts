import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import { Refusal } from '@mnv/core';
import type { Logger } from '../logger.ts';
import { problemHandler } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST']);

/**
 * An express application with our order: headers, methods, the given handlers, then 404 and the one error
 * handler. It never listens.
 */
export function createApp(options: {
  log: Logger;
  handlers: readonly (RequestHandler | Router)[];
}): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(securityHeaders(), knownMethods);
  for (const handler of options.handlers) app.use(handler);
  app.use(notFound(), problemHandler(options.log));
  return app;
}

/** For `router.all` behind the methods a path has. Throws Refusal `method-not-allowed`. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (_req, res) => {
    res.setHeader('Allow', allowed.join(', '));
    throw new Refusal('method-not-allowed', 'The path does not have this method.');
  };
}

/** The end of every router: throws Refusal `not-found`. */
export function notFound(): RequestHandler {
  return () => {
    throw new Refusal('not-found', 'There is nothing at this path.');
  };
}

const refuseMethod = methodNotAllowed(...METHODS);
const knownMethods: RequestHandler = (req, res, next) =>
  METHODS.has(req.method) ? next() : void refuseMethod(req, res, next);
