import { X509Certificate, createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { request } from 'node:https';
import type { Authority } from '@mnv/pki';
import { issueCertificate } from '@mnv/pki';
import { leakTripwire } from '@mnv/testing';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export const DEPLOYMENT = 'test';
export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'mynumber-vault';
export const CLIENT = 'payroll';

export type Answer = { status: number; text: string; body: Record<string, unknown> };

/** A certificate and its key, in PEM, under a URI of the deployment. */
export function identityFor(authority: Authority, path: string, dns: string[] = []) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issueCertificate({
    authority,
    publicKey,
    subject: 'test',
    usage: 'both',
    uris: [`spiffe://${DEPLOYMENT}/${path}`],
    dns,
  });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate, key, ca: authority.certificatePem };
}

/** The issuer of access tokens, and a client program that calls with them. */
export async function makeCallers(authority: Authority) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const identity = identityFor(authority, `client/${CLIENT}`);
  const der = new X509Certificate(identity.certificate).raw;
  const x5t = createHash('sha256').update(der).digest('base64url');

  async function tokenOf(person: string, tenant: string, scope: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      sub: person,
      client_id: CLIENT,
      tenant,
      scope,
      cnf: { 'x5t#S256': x5t },
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
      .sign(privateKey);
  }

  return { jwks: { keys: [jwk] }, identity, tokenOf };
}

/** One call over mutual TLS. A text body is NDJSON, an object JSON. */
export function send(
  port: number,
  identity: { certificate: string; key: string; ca: string },
  call: {
    method: string;
    path: string;
    token: string;
    body?: object | string;
    jws?: string;
    accept?: string;
  },
): Promise<Answer> {
  const { method, path, token, body, jws, accept } = call;
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        cert: identity.certificate,
        key: identity.key,
        ca: identity.ca,
        checkServerIdentity: () => undefined,
        headers: {
          authorization: `Bearer ${token}`,
          ...(jws && { 'mynumber-request': jws }),
          ...(accept && { accept }),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => resolve(answerOf(res.statusCode ?? 0, Buffer.concat(chunks))));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : payload);
  });
}

function answerOf(status: number, bytes: Buffer): Answer {
  const text = bytes.toString('utf8');
  leakTripwire().watch('an answer of retention', text);
  const json = text.startsWith('{') && !text.includes('\n');
  return { status, text, body: json ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
