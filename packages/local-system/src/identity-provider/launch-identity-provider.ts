import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COMPILED_CODE } from '@mnv/testing';
import { AUDIENCE, RESOURCE } from './resource.ts';
import {
  type IdentityProvider,
  type IdentityProviderOptions,
  newSigningKey,
  type ServerIdentity,
} from './start-identity-provider.ts';

const MAIN = new URL('./main.ts', import.meta.url).pathname;

function writeIdentity(directory: string, { certificate, key, ca }: ServerIdentity): void {
  const write = (name: string, text: string) =>
    writeFileSync(join(directory, name), text, { mode: 0o600 });
  write('key.pem', key);
  write('certificate.pem', certificate);
  write('ca.pem', ca);
}

function writeFiles(directory: string, options: IdentityProviderOptions): void {
  const { tls, directory: people, signingKey = newSigningKey(), cookieKey } = options;
  writeIdentity(directory, tls);
  const write = (name: string, text: string) =>
    writeFileSync(join(directory, name), text, { mode: 0o600 });
  write('directory.json', JSON.stringify(people));
  write('signing-key.json', JSON.stringify(signingKey));
  write('cookie-key', cookieKey ?? randomBytes(32).toString('base64url'));
}

function environmentFor(directory: string, port: number): Record<string, string> {
  const file = (name: string) => join(directory, name);
  return {
    IDENTITY_PORT: String(port),
    IDENTITY_DIRECTORY_FILE: file('directory.json'),
    IDENTITY_SIGNING_KEY_FILE: file('signing-key.json'),
    IDENTITY_COOKIE_KEY_FILE: file('cookie-key'),
    IDENTITY_CERTIFICATE_FILE: file('certificate.pem'),
    IDENTITY_KEY_FILE: file('key.pem'),
    IDENTITY_CA_FILE: file('ca.pem'),
  };
}

async function portFrom(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    const { event, port } = JSON.parse(line) as { event?: unknown; port?: unknown };
    if (event === 'ready' && typeof port === 'number') return port;
  }
  throw new Error('the identity provider ended before it was ready');
}

/**
 * The provider as a process of its own, with its files in a temporary directory that goes with it.
 * What tests use: the library does not run inside a test runner's sandbox.
 */
export async function launchIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const directory = mkdtempSync(join(tmpdir(), 'mnv-identity-'));
  writeFiles(directory, options);
  const child = spawn(process.execPath, [MAIN], {
    env: { ...environmentFor(directory, options.port), ...COMPILED_CODE },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const port = await portFrom(lines);
  child.stdout.resume();
  const issuer = `https://localhost:${port}`;
  return {
    port,
    issuer,
    tokenEndpoint: `${issuer}/token`,
    jwksUri: `${issuer}/jwks`,
    audience: AUDIENCE,
    resource: RESOURCE,
    renew: (tls) => writeIdentity(directory, tls),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
