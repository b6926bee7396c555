import type { KeyObject } from 'node:crypto';
import { X509Certificate, createHash, generateKeyPairSync } from 'node:crypto';
import type { Authority } from '@mnv/pki';
import { issueCertificate } from '@mnv/pki';
import type { JWTPayload } from 'jose';
import type { TokenIssuer } from './token-issuer.ts';

/** A client program as payroll is one: a certificate, its key, and tokens bound to it. */
export type ApiClient = {
  clientId: string;
  privateKey: KeyObject;
  /** DER, base64, as the proxy passes it on. */
  certificate: string;
  x5t: string;
  token(claims?: JWTPayload): Promise<string>;
};

export const ALL_SCOPES = 'number:read number:write record:read';

/** Tokens name `person` in `tenant` with all the rights of an operator, unless told otherwise. */
export function makeApiClient(options: {
  authority: Authority;
  issuer: TokenIssuer;
  clientId: string;
  tenant: string;
  person?: string;
  certificateDays?: number;
}): ApiClient {
  const { authority, issuer, clientId, tenant, person = 'person-1', certificateDays = 7 } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = issueCertificate({
    authority,
    publicKey,
    subject: clientId,
    usage: 'client',
    uris: [`spiffe://test/client/${clientId}`],
    days: certificateDays,
    ...(certificateDays < 0 && { now: Date.now() - 10 * 86_400_000, days: 1 }),
  });
  const der = new X509Certificate(pem).raw;
  const x5t = createHash('sha256').update(der).digest('base64url');
  return {
    clientId,
    privateKey,
    certificate: der.toString('base64'),
    x5t,
    token: (claims = {}) =>
      issuer.issue({
        sub: person,
        client_id: clientId,
        tenant,
        scope: ALL_SCOPES,
        cnf: { 'x5t#S256': x5t },
        ...claims,
      }),
  };
}
