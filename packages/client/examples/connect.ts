import { readFileSync } from 'node:fs';
import { createClient, personExchange, subjectTokenBySignInKey } from '@mnv/client';
import type { Client, TokenEndpoint } from '@mnv/client';

/** The parts of endpoints.json that a client needs; files are absolute names. */
type Endpoints = {
  ca: string;
  services: { proxy: string };
  identity: { issuer: string; token: string; resource: string };
  logs: { policy: string };
  clients: { clientId: string; certificate: string; key: string; privateJwk: string }[];
  people: { name: string; sub: string; signInKey: string }[];
};

/** Who acts through which system, and for which company. */
export type Actor = { person: string; clientId: string; tenant: string };

/** A client of the running system that an endpoints file describes. */
export function connect(endpointsFile: string, actor: Actor): Client {
  const endpoints = readJson(endpointsFile) as Endpoints;
  const system = endpoints.clients.find(({ clientId }) => clientId === actor.clientId);
  const person = endpoints.people.find(({ name }) => name === actor.person);
  if (!system || !person) throw new Error('the endpoints file lists no such client or person');

  const identity = {
    ca: readText(endpoints.ca),
    certificate: readText(system.certificate),
    key: readText(system.key),
  };
  const { issuer, token: tokenEndpoint, resource } = endpoints.identity;
  const clientKey = readJson(system.privateJwk) as TokenEndpoint['clientKey'];
  const signInKey = readJson(person.signInKey) as TokenEndpoint['clientKey'];
  return createClient({
    ...identity,
    proxyOrigin: endpoints.services.proxy,
    tenant: actor.tenant,
    // Renewed by itself; it stops when the person's session ends.
    token: personExchange(
      { issuer, tokenEndpoint, resource, identity, clientId: system.clientId, clientKey },
      subjectTokenBySignInKey({ issuer, sub: person.sub, signInKey }),
    ),
    // With it, no number is handed to you before its receipt has been checked.
    trustPolicy: readText(endpoints.logs.policy),
  });
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}
