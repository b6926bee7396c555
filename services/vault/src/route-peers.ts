import type { RequestHandler } from 'express';
import { Refusal } from '@mnv/core';
import { peerOf } from '@mnv/service-kit';

/** Which service may call what. A path that is not below one of these is nobody's. */
const CALLERS: Record<string, readonly string[]> = {
  '/health': ['access-proxy', 'disposal'],
  '/metrics': ['access-proxy', 'disposal'],
  '/internal/disclosures': ['access-proxy'],
  '/internal/records': ['access-proxy'],
  '/internal/number-changes': ['access-proxy'],
  '/internal/duplicate-check': ['access-proxy'],
  '/internal/duplicates': ['access-proxy'],
  '/internal/identity-documents': ['access-proxy'],
  '/internal/releases': ['access-proxy'],
  '/internal/tenants': ['access-proxy'],
  '/internal/control-log': ['access-proxy', 'disposal'],
  '/internal/restore': ['access-proxy'],
  '/internal/key-tree-exports': ['access-proxy'],
  '/internal/restore-state': ['access-proxy', 'disposal'],
  '/internal/disposals': ['disposal'],
  '/internal/rotations': ['access-proxy'],
  '/internal/record-events': ['disposal'],
  '/internal/legal-holds': ['disposal'],
};

/** The services that may connect at all. */
export function vaultPeers(deployment: string): string[] {
  const services = new Set(Object.values(CALLERS).flat());
  return [...services].map((service) => peerUri(deployment, service));
}

/**
 * Lets each service reach its own routes only: a proxy cannot order a disposal, and the disposal service cannot
 * ask for a number. Stands before every route. Throws Refusal `not-permitted`.
 */
export function requireRoutePeer(deployment: string): RequestHandler {
  return (req, _res, next) => {
    const callers = Object.entries(CALLERS).find(([path]) => isBelow(req.path, path))?.[1] ?? [];
    const { uri } = peerOf(req);
    if (!callers.some((service) => peerUri(deployment, service) === uri))
      throw new Refusal('not-permitted', 'This is not for the calling service.');
    next();
  };
}

/** Exactly as written: express would also match other spellings of a path, which are nobody's here. */
function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function peerUri(deployment: string, service: string): string {
  return `spiffe://${deployment}/service/${service}`;
}
