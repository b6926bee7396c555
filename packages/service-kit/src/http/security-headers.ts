import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const ONE_YEAR_S = 31_536_000;

/** The headers of an API that answers no browser: nothing is cached, framed, sniffed or loaded. */
export function securityHeaders(): RequestHandler {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: { maxAge: ONE_YEAR_S, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  const headers = headersOf(protect);
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

/** What helmet sets is the same for every request: it is asked once. */
function headersOf(protect: RequestHandler): ReadonlyMap<string, string> {
  const headers = new Map([['Cache-Control', 'no-store']]);
  const answer = {
    setHeader: (name: string, value: string) => void headers.set(name, value),
    removeHeader: () => undefined,
  };
  protect({} as Request, answer as unknown as Response, () => undefined);
  return headers;
}
