import { z } from 'zod';
import type { Clock, Scope } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { AccessToken, ReadCertificate, VerifyAccessToken } from '@mnv/service-kit';
import { requirePerson, requireScope } from '@mnv/service-kit';

/** The evidence of a person that the proxy passes on with every call. */
export const PersonEvidence = {
  token: z.string().max(8192),
  /** DER, base64. */
  certificate: z.base64().max(8192),
};

export type RequireRight = (
  evidence: { token: string; certificate: string },
  right: { scope: Scope; tenantId: string },
) => Promise<AccessToken>;

/**
 * Verifies the person's right anew: the proxy's word is not enough to store, find or read anything.
 * @throws Refusal
 */
export function makeRequireRight(deps: {
  verifyAccessToken: VerifyAccessToken;
  readCertificate: ReadCertificate;
  clock: Clock;
}): RequireRight {
  return async ({ token, certificate }, { scope, tenantId }) => {
    const { x5t } = deps.readCertificate(Buffer.from(certificate, 'base64'), deps.clock());
    const verified = await deps.verifyAccessToken(token, x5t);
    requireScope(verified, scope);
    requirePerson(verified);
    if (verified.tenant !== tenantId) throw new Refusal('not-found', 'There is no such tenant.');
    return verified;
  };
}
