import type { X509Certificate } from 'node:crypto';
import type { Provider, TokenEndpointGrantContext } from 'oidc-provider';
import { certificateNaming } from './client-certificate.ts';
import type { ClientRegistration, Directory } from './directory.ts';
import { refuse } from './refuse.ts';
import { RESOURCE } from './resource.ts';
import type { DecidedClaims } from './token-claims.ts';

/** What our own grants work with. */
export type GrantParts = { provider: Provider; directory: Directory; claims: DecidedClaims };

/** The client that asks, as registered, and the certificate its token will be bound to. */
export function boundClient(
  ctx: TokenEndpointGrantContext,
  directory: Directory,
): { registration: ClientRegistration; certificate: X509Certificate } {
  const registration = directory.clients.find((one) => one.clientId === ctx.oidc.client.clientId);
  if (registration === undefined) return refuse('invalid_grant', 'the client is not registered');
  const certificate = certificateNaming(registration.certificateUri, ctx.req);
  if (certificate === undefined) {
    return refuse('invalid_grant', 'the connection carries no valid certificate of this client');
  }
  return { registration, certificate };
}

/** RFC 8707: there is one resource, and it is the default. */
export function requireKnownResource(named: unknown): void {
  if (named !== undefined && named !== RESOURCE) refuse('invalid_target', 'unknown resource');
}
