import { readFileSync } from 'node:fs';
import {
  type Client,
  createClient,
  type Identity,
  personExchange,
  subjectTokenBySignInKey,
  type TokenSource,
} from '@mnv/client';
import type { JWK } from 'jose';
import type { EndpointClient, Endpoints } from './endpoints.ts';

const jwkIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as JWK;

function named<T>(list: readonly T[], matches: (one: T) => boolean, what: string): T {
  const found = list.find(matches);
  if (found === undefined) throw new Error(`the endpoints name no ${what}`);
  return found;
}

/** The registered API client of this name. */
export function apiClientOf(endpoints: Endpoints, clientId: string): EndpointClient {
  return named(endpoints.clients, (one) => one.clientId === clientId, 'such client');
}

function identityOf(endpoints: Endpoints, { certificate, key }: EndpointClient): Identity {
  return {
    ca: readFileSync(endpoints.ca, 'utf8'),
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
  };
}

/** Tokens by which a person acts through an API client. */
export function tokenSourceFor(
  endpoints: Endpoints,
  order: { person: string; clientId: string },
): TokenSource {
  const person = named(endpoints.people, ({ name }) => name === order.person, 'such person');
  const api = apiClientOf(endpoints, order.clientId);
  const { issuer, token: tokenEndpoint, resource } = endpoints.identity;
  const identity = identityOf(endpoints, api);
  const clientKey = jwkIn(api.privateJwk);
  return personExchange(
    { issuer, tokenEndpoint, identity, clientId: api.clientId, clientKey, resource },
    subjectTokenBySignInKey({ issuer, sub: person.sub, signInKey: jwkIn(person.signInKey) }),
  );
}

/** A client of the proxy by which a person acts for a tenant through an API client. */
export function clientFor(
  endpoints: Endpoints,
  order: { person: string; clientId: string; tenant: string; retry?: { attempts: number } },
): Client {
  return createClient({
    ...identityOf(endpoints, apiClientOf(endpoints, order.clientId)),
    proxyOrigin: endpoints.services.proxy,
    disposalOrigin: endpoints.services.disposal,
    tenant: order.tenant,
    token: tokenSourceFor(endpoints, order),
    ...(order.retry && { retry: order.retry }),
    trustPolicy: readFileSync(endpoints.logs.policy, 'utf8'),
  });
}
