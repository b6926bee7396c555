import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import type { Directory } from './directory.ts';
import { type IdentitySettings, readIdentitySettings } from './settings.ts';
import { type ServerIdentity, startIdentityProvider } from './start-identity-provider.ts';
import { watchFiles } from './watch-files.ts';

const settings = readIdentitySettings(process.env);

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

function serverIdentity({ certificateFile, keyFile, caFile }: IdentitySettings): ServerIdentity {
  return { certificate: read(certificateFile), key: read(keyFile), ca: read(caFile) };
}

function say(event: string, facts: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ at: new Date().toISOString(), service: 'identity-provider', event, ...facts })}\n`,
  );
}

// The directory and the keys were written by the supervisor of this same system: trusted input.
const provider = await startIdentityProvider({
  port: settings.port,
  tls: serverIdentity(settings),
  directory: JSON.parse(read(settings.directoryFile)) as Directory,
  signingKey: JSON.parse(read(settings.signingKeyFile)) as JWK,
  cookieKey: read(settings.cookieKeyFile).trim(),
});

const unwatch = watchFiles([settings.certificateFile, settings.keyFile], () => {
  try {
    provider.renew(serverIdentity(settings));
    say('certificate renewed');
  } catch {
    // Certificate and key are two files: between the two writes they do not match. The second
    // change brings the pair.
    say('certificate not yet complete');
  }
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    unwatch();
    void provider.stop().then(() => process.exit(0));
  });
}
say('ready', { port: provider.port });
