import { readFile } from 'node:fs/promises';
import {
  clientCredentials,
  createClient,
  personExchange,
  subjectTokenBySignInKey,
} from '@mnv/client';
import type { Client, Identity, TokenEndpoint, TokenSource } from '@mnv/client';
import type { Scope } from '@mnv/core';
import { CommandError } from './command.ts';
import type { Endpoints, ListedClient, ListedPerson } from './endpoints.ts';

/** Who acts through which system, for which tenant, with which rights (all they have, when none are named). */
export type Actor = {
  as?: string | undefined;
  client?: string | undefined;
  tenant: string;
  scopes?: readonly Scope[];
};

export type Credentials = {
  client: ListedClient;
  person: ListedPerson | undefined;
  identity: Identity;
  token: TokenSource;
};

/** Reads the files of a client, and of the person it acts for. Without a person the client acts for itself. */
export async function credentialsOf(endpoints: Endpoints, actor: Actor): Promise<Credentials> {
  const client = clientOf(endpoints, actor);
  const person = actor.as === undefined ? undefined : personOf(endpoints, actor.as);
  const [ca, certificate, key] = await Promise.all([
    readFile(endpoints.ca, 'utf8'),
    readFile(client.certificate, 'utf8'),
    readFile(client.key, 'utf8'),
  ]);
  const identity = { ca, certificate, key };
  const { issuer, token: tokenEndpoint, resource } = endpoints.identity;
  const endpoint: TokenEndpoint = {
    issuer,
    tokenEndpoint,
    resource,
    identity,
    clientId: client.clientId,
    clientKey: await readJwk(client.privateJwk),
    ...(actor.scopes ? { scopes: actor.scopes } : {}),
  };
  return { client, person, identity, token: await tokenSourceOf(endpoint, person) };
}

/** A client of the proxy for one actor; the caller closes it. */
export async function connect(endpoints: Endpoints, actor: Actor): Promise<Client> {
  const { identity, token } = await credentialsOf(endpoints, actor);
  const trustPolicy = await readFile(endpoints.logs.policy, 'utf8');
  const { tenant } = actor;
  const { disposal: disposalOrigin } = endpoints.services;
  return createClient({
    ...identity,
    proxyOrigin: endpoints.services.proxy,
    ...(disposalOrigin !== undefined && { disposalOrigin }),
    tenant,
    token,
    trustPolicy,
  });
}

async function tokenSourceOf(
  endpoint: TokenEndpoint,
  person: ListedPerson | undefined,
): Promise<TokenSource> {
  if (person === undefined) return clientCredentials(endpoint);
  const signInKey = await readJwk(person.signInKey);
  const { issuer } = endpoint;
  return personExchange(endpoint, subjectTokenBySignInKey({ issuer, sub: person.sub, signInKey }));
}

async function readJwk(file: string): Promise<TokenEndpoint['clientKey']> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TokenEndpoint['clientKey'];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(`${file} is not a key file.`);
  }
}

/** The client that was named, or the only one that serves this tenant. */
function clientOf({ clients }: Endpoints, { client: clientId, tenant }: Actor): ListedClient {
  if (clientId !== undefined) {
    const named = clients.find((client) => client.clientId === clientId);
    if (named) return named;
    throw new CommandError(`The endpoints file lists no such client; it has ${namesOf(clients)}.`);
  }
  const [only, ...others] = clients.filter(({ tenants }) => tenants.includes(tenant));
  if (only && others.length === 0) return only;
  throw new CommandError(
    `Name a client with --client; the endpoints file has ${namesOf(clients)}.`,
  );
}

function namesOf(clients: readonly ListedClient[]): string {
  return clients.map(({ clientId }) => clientId).join(', ') || 'none';
}

function personOf({ people }: Endpoints, name: string): ListedPerson {
  const person = people.find((one) => one.name === name || one.sub === name);
  if (person) return person;
  const names = people.map((one) => one.name).join(', ') || 'nobody';
  throw new CommandError(`The endpoints file lists no such person; it has ${names}.`);
}
