import { constants, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { registerClientCredentials } from './client-credentials.grant.ts';
import type { Directory } from './directory.ts';
import { createExpiringStore } from './expiring-store.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { AUDIENCE, RESOURCE } from './resource.ts';
import { createSignIn, SIGN_IN_PATH } from './sign-in.ts';
import { createTokenClaims } from './token-claims.ts';
import { registerTokenExchange } from './token-exchange.grant.ts';

/** PEM texts: the server's chain and key, and the authority whose client certificates count. */
export type ServerIdentity = { certificate: string; key: string; ca: string };

export type IdentityProviderOptions = {
  /** 0 takes a free one. */
  port: number;
  tls: ServerIdentity;
  directory: Directory;
  /** Private ES256 JWK with `kid`; a fresh one when left out. */
  signingKey?: JWK;
  cookieKey?: string;
};

export type IdentityProvider = {
  port: number;
  issuer: string;
  tokenEndpoint: string;
  jwksUri: string;
  audience: string;
  resource: string;
  /** Uses a renewed certificate for every connection from now on. */
  renew(tls: ServerIdentity): void;
  stop(): Promise<void>;
};

/** A fresh signing key: private ES256 JWK with a `kid`. */
export function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Certificates are asked for but not required: a browser signs in without one. Tokens need one. */
function tlsServer(tls: ServerIdentity): Server {
  return createServer({
    cert: tls.certificate,
    key: tls.key,
    ca: tls.ca,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
    headersTimeout: 5_000,
    requestTimeout: 10_000,
  });
}

async function createAnswer(issuer: string, options: IdentityProviderOptions) {
  const { directory, signingKey = newSigningKey(), cookieKey } = options;
  const store = createExpiringStore(Date.now);
  const claims = createTokenClaims();
  const approvals = store('Approval');
  const provider = new Provider(
    issuer,
    providerConfiguration({
      directory,
      signingKey,
      cookieKey: cookieKey ?? randomBytes(32).toString('base64url'),
      store,
      approvals,
      claims,
    }),
  );
  registerClientCredentials({ provider, directory, claims });
  registerTokenExchange({ provider, directory, claims }, issuer);
  const signIn = await createSignIn({ provider, directory, approvals });
  const protocol = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith(SIGN_IN_PATH)) return signIn({ request, response });
    return protocol(request, response);
  };
}

/**
 * The local OpenID provider: issues the access tokens the services accept. DEVELOPMENT ONLY; listens on
 * the loopback address alone and calls itself `https://localhost:<port>`.
 */
export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const server = tlsServer(options.tls);
  const port = await listen(server, options.port);
  const issuer = `https://localhost:${port}`;
  const answer = await createAnswer(issuer, options);
  server.on('request', (request, response) => void answer(request, response));
  return {
    port,
    issuer,
    tokenEndpoint: `${issuer}/token`,
    jwksUri: `${issuer}/jwks`,
    audience: AUDIENCE,
    resource: RESOURCE,
    renew: ({ certificate, key, ca }) => server.setSecureContext({ cert: certificate, key, ca }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
