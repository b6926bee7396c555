import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, clientCredentials } from '@mnv/client';
import type { AccessEntry, RequestToSign } from '@mnv/protocol';
import { decodeEntry, signRequest } from '@mnv/protocol';
import { leakTripwire } from '@mnv/testing';
import { decodeEntryBundle } from '@mnv/transparency-log';
import { SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import type { JWK, JWTPayload } from 'jose';
import pg from 'pg';
import { apiClientOf, clientFor, tokenSourceFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { SHORT_DRAIN } from '../short-drain.ts';

export const PAYROLL = { purpose: 'TAX-WITHHOLD', caseId: 'PAYROLL-2026-12' };

export type Sent = {
  path: string;
  method?: string;
  /** An object goes out as JSON; a text or bytes as they are. */
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
  /** The access proxy, unless another service is named, or where another instance answers. */
  to?: 'proxy' | 'disposal' | 'vault' | URL;
  /** Whose certificate the connection shows; `service-NAME` is a service's own. */
  as?: string;
};
export type Got = {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  json: unknown;
};

function startFastSystem(): Promise<LocalSystem> {
  const { signal } = new AbortController();
  return startTemporarySystem({
    say: () => undefined,
    signal,
    durability: 'fast',
    vaultSettings: SHORT_DRAIN,
  });
}

/** A whole system of its own, honest clients of it, and what a dishonest one needs. */
export async function startWorld(starting: Promise<LocalSystem> = startFastSystem()) {
  const system = await starting;
  const { endpoints } = system;
  const data = dirname(system.endpointsFile);
  for (const name of ['access-proxy', 'vault', 'disposal', 'identity-provider'])
    leakTripwire().watchFile(`the log of ${name}`, join(data, 'logs', `${name}.log`));
  const clients: Client[] = [];

  const database = (name: string) =>
    new pg.Pool({
      host: endpoints.postgres.host,
      port: endpoints.postgres.port,
      user: endpoints.postgres.adminUser,
      password: readFileSync(endpoints.postgres.adminPasswordFile, 'utf8').trim(),
      database: name,
      max: 2,
    }).on('error', () => undefined);
  const access = database('access');

  function filesOf(party: string) {
    if (!party.startsWith('service-')) return apiClientOf(endpoints, party);
    const name = party.slice('service-'.length);
    const { certificate } = apiClientOf(endpoints, 'payroll');
    const file = (path: string) => path.replaceAll('client-payroll', name);
    return { certificate: file(certificate), key: file(apiClientOf(endpoints, 'payroll').key) };
  }

  /** A client by which a person acts; closed with the world. */
  function as(person: string, tenant = 't-001', clientId = 'payroll'): Client {
    const client = clientFor(endpoints, { person, clientId, tenant });
    clients.push(client);
    return client;
  }

  async function tokenOf(person: string, tenant = 't-001', clientId = 'payroll'): Promise<string> {
    return (await tokenSourceFor(endpoints, { person, clientId })({ tenant })).accessToken;
  }

  /** A token of the client itself: no person stands behind it. */
  async function tokenOfClient(tenant = 't-001'): Promise<string> {
    const { issuer, token: tokenEndpoint, resource } = endpoints.identity;
    const { certificate, key, clientId, privateJwk } = apiClientOf(endpoints, 'payroll');
    const [ca, pem, keyPem] = [endpoints.ca, certificate, key].map((file) =>
      readFileSync(file, 'utf8'),
    );
    const identity = { ca: ca!, certificate: pem!, key: keyPem! };
    const clientKey = JSON.parse(readFileSync(privateJwk, 'utf8')) as JWK;
    const source = clientCredentials({
      issuer,
      tokenEndpoint,
      identity,
      clientId,
      clientKey,
      resource,
    });
    return (await source({ tenant })).accessToken;
  }

  /** The token with other claims, signed by the issuer's own key: only what it says is wrong. */
  async function reissued(token: string, claims: JWTPayload): Promise<string> {
    const jwk = JSON.parse(readFileSync(join(data, 'identity', 'signing-key.json'), 'utf8')) as JWK;
    const { alg = '', ...header } = decodeProtectedHeader(token);
    return new SignJWT({ ...decodeJwt(token), ...claims })
      .setProtectedHeader({ alg, ...header })
      .sign(await importJWK(jwk, alg));
  }

  /** A signed request by the client's certificate key. */
  function signed(recordIds: string[], changed: Partial<RequestToSign> = {}): string {
    const key = createPrivateKey(readFileSync(apiClientOf(endpoints, 'payroll').key));
    const iat = Math.floor(Date.now() / 1000);
    const { purpose, caseId } = PAYROLL;
    const asked = {
      rid: randomUUID(),
      iat,
      tenant: 't-001',
      operation: 'disclose',
      purpose,
      caseId,
    };
    return signRequest({ ...asked, recordIds, ...changed }, key);
  }

  const originOf = (to: NonNullable<Sent['to']>) =>
    to instanceof URL ? to : new URL(endpoints.services[to]);

  /** A request as it is made, on a connection of its own. */
  function open({ path, token, body, headers, method, to = 'proxy', as: party = 'payroll' }: Sent) {
    const origin = originOf(to);
    const { certificate, key } = filesOf(party);
    const json = body !== undefined && typeof body === 'object' && !Buffer.isBuffer(body);
    const options: RequestOptions = {
      host: origin.hostname,
      port: origin.port,
      path,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      agent: false,
      ca: readFileSync(endpoints.ca),
      cert: readFileSync(certificate),
      key: readFileSync(key),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json && { 'content-type': 'application/json' }),
        ...headers,
      },
    };
    return { outgoing: request(options), bytes: json ? JSON.stringify(body) : body };
  }

  function send(sent: Sent): Promise<Got> {
    const { outgoing, bytes } = open(sent);
    return new Promise((resolve, reject) => {
      outgoing.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers } = response;
          if (status !== 200)
            leakTripwire().watch(`the answer ${status}`, text + JSON.stringify(headers));
          const json = /^application\/(?:problem\+)?json/.test(headers['content-type'] ?? '');
          resolve({
            status,
            headers,
            text,
            json: json ? (JSON.parse(text) as unknown) : undefined,
          });
        });
      });
      outgoing.end(bytes);
    });
  }

  /** The entries of a tenant's log as they are stored; reading them so leaves no entry. */
  /** What others made the proxy write; its own record of the control log comes every ten minutes, at any moment. */
  async function entriesOf(tenant: string): Promise<AccessEntry[]> {
    const { rows } = await access.query<{ entries: Buffer }>(
      `select entries from access.log_batch join access.tenant using (log_id)
        where tenant_id = $1 order by start`,
      [tenant],
    );
    return rows
      .flatMap((row) => decodeEntryBundle(row.entries).map((bytes) => decodeEntry(bytes)))
      .filter(({ op }) => op !== 'record-control-checkpoint');
  }

  /** What an act leaves in a log, once `enough` of it is there: outcomes are written after their answers. */
  async function entriesSince(
    before: number,
    enough: number,
    tenant = 't-001',
  ): Promise<AccessEntry[]> {
    for (let tries = 0; ; tries += 1) {
      const entries = (await entriesOf(tenant)).slice(before);
      if (entries.length >= enough || tries === 100) return entries;
      await pause(50);
    }
  }

  return {
    system,
    access,
    database,
    as,
    tokenOf,
    tokenOfClient,
    reissued,
    signed,
    open,
    send,
    entriesOf,
    entriesSince,
    filesOf,
    subjectOf: (person: string) => endpoints.people.find(({ name }) => name === person)!.sub,
    /** The problem code of an answer. */
    codeOf: ({ json }: Got) =>
      String((json as { type?: string } | undefined)?.type).replace(
        'urn:mynumber-vault:problem:',
        '',
      ),
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await access.end();
      await system.stop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
