import { readFileSync } from 'node:fs';
import { type Client, createClient, personExchange, subjectTokenBySignInKey } from '@mnv/client';
import type { JWK } from 'jose';
import type { Endpoints } from './endpoints.ts';

const jwkIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as JWK;

function named<T>(list: readonly T[], matches: (one: T) => boolean, what: string): T {
  const found = list.find(matches);
  if (found === undefined) throw new Error(`the endpoints name no ${what}`);
  return found;
}

/** A client of the proxy by which a person acts for a tenant through an API client. */
export function clientFor(
  endpoints: Endpoints,
  order: { person: string; clientId: string; tenant: string },
): Client {
  const person = named(endpoints.people, ({ name }) => name === order.person, 'such person');
  const api = named(
    endpoints.clients,
    ({ clientId }) => clientId === order.clientId,
    'such client',
  );
  const { issuer, token: tokenEndpoint, resource } = endpoints.identity;
  const identity = {
    ca: readFileSync(endpoints.ca, 'utf8'),
    certificate: readFileSync(api.certificate, 'utf8'),
    key: readFileSync(api.key, 'utf8'),
  };
  const clientKey = jwkIn(api.privateJwk);
  const token = personExchange(
    { issuer, tokenEndpoint, identity, clientId: api.clientId, clientKey, resource },
    subjectTokenBySignInKey({ issuer, sub: person.sub, signInKey: jwkIn(person.signInKey) }),
  );
  return createClient({
    ...identity,
    proxyOrigin: endpoints.services.proxy,
    tenant: order.tenant,
    token,
    trustPolicy: readFileSync(endpoints.logs.policy, 'utf8'),
  });
}
