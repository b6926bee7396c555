import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { createAuthority, issueCertificate } from '@mnv/pki';
import { exportJWK, SignJWT } from 'jose';
import {
  type ClientRegistration,
  hashPassword,
  type Person,
  launchIdentityProvider,
} from '../src/identity-provider/index.ts';

export type Keys = { publicKey: KeyObject; privateKey: KeyObject };
export type Certified = { certificate: string; key: string; x5t: string };
export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
};

export const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

export function createTestAuthority() {
  const authority = createAuthority({ deployment: 'local', profile: 'development' });
  function certify(names: { uris?: string[]; dns?: string[]; days?: number }): Certified {
    const { publicKey, privateKey } = newKeys();
    const certificate = issueCertificate({
      authority,
      publicKey,
      subject: 'test',
      usage: 'both',
      ...names,
    });
    const der = Buffer.from(certificate.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    const x5t = createHash('sha256').update(der).digest('base64url');
    return { certificate, key: pem(privateKey), x5t };
  }
  return { ca: authority.certificatePem, certify };
}

export type TestAuthority = ReturnType<typeof createTestAuthority>;

async function person(
  keys: Keys,
  facts: Pick<Person, 'name' | 'roles' | 'tenants'>,
): Promise<Person> {
  return {
    ...facts,
    sub: `sub-${facts.name}`,
    passwordHash: await hashPassword(`password of ${facts.name}`),
    signInJwk: await exportJWK(keys.publicKey),
  };
}

const clientUri = (clientId: string) => `spiffe://local/client/${clientId}`;

/** A provider with two clients and four people, all keys made now. */
export async function startIdentityWorld() {
  const authority = createTestAuthority();
  const clientKeys = { payroll: newKeys(), console: newKeys() };
  const personKeys = { hana: newKeys(), ryo: newKeys(), both: newKeys(), root: newKeys() };
  const clients: ClientRegistration[] = [
    {
      clientId: 'payroll',
      publicJwk: await exportJWK(clientKeys.payroll.publicKey),
      certificateUri: clientUri('payroll'),
      tenants: ['t-001', 't-002'],
      scopes: ['record:read', 'number:write'],
      grants: ['client_credentials', 'token_exchange'],
    },
    {
      clientId: 'console',
      publicJwk: await exportJWK(clientKeys.console.publicKey),
      certificateUri: clientUri('console'),
      tenants: ['t-001', 't-002', 'operator'],
      scopes: [],
      grants: ['authorization_code', 'token_exchange'],
      redirectUris: ['https://localhost:9/cb'],
    },
  ];
  const people = await Promise.all([
    person(personKeys.hana, { name: 'hana', roles: ['operator'], tenants: ['t-001'] }),
    person(personKeys.ryo, { name: 'ryo', roles: ['auditor', 'approver'], tenants: ['t-002'] }),
    person(personKeys.both, { name: 'both', roles: ['supervisor'], tenants: ['t-001', 't-002'] }),
    person(personKeys.root, { name: 'root', roles: ['administrator'], tenants: ['operator'] }),
  ]);
  const tls = authority.certify({ dns: ['localhost'] });
  const provider = await launchIdentityProvider({
    port: 0,
    tls: { ...tls, ca: authority.ca },
    directory: { people, clients },
  });
  const certificates = {
    payroll: authority.certify({ uris: [clientUri('payroll')] }),
    console: authority.certify({ uris: [clientUri('console')] }),
  };
  return { authority, provider, clients, people, clientKeys, personKeys, certificates };
}

export type IdentityWorld = Awaited<ReturnType<typeof startIdentityWorld>>;

export type Send = {
  url: string;
  ca: string;
  method?: 'GET' | 'POST';
  form?: Record<string, string> | [string, string][];
  certified?: Certified | undefined;
  headers?: Record<string, string>;
};

/** One HTTPS request on a connection of its own, redirects left to the caller. */
export function send({ url, ca, form, certified, headers, method }: Send): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      url,
      {
        agent: false,
        ca,
        ...(certified === undefined ? {} : { cert: certified.certificate, key: certified.key }),
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function clientAssertion(
  { clientId, keys, issuer }: { clientId: string; keys: Keys; issuer: string },
  changed: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now };
  return new SignJWT({ ...claims, exp: now + 60, ...changed })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(keys.privateKey);
}

export function subjectToken(
  { sub, keys, issuer }: { sub: string; keys: Keys; issuer: string },
  changed: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  return new SignJWT({ ...claims, ...changed })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(keys.privateKey);
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
