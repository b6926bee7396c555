import {
  createApp,
  createLogger,
  createMutualServer,
  createPool,
  healthRoutes,
  runService,
  tlsFiles,
  type TlsIdentity,
} from '@mnv/service-kit';
import type { Pool } from 'pg';

/** The settings every baseline server is started with. */
const NAMES = ['PORT', 'CERTIFICATE_FILE', 'KEY_FILE', 'CA_FILE'] as const;
const CONNECTIONS = 8;

type Handler = Parameters<typeof createApp>[0]['handlers'][number];

/** A setting of this process; it does not start without. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The identity a baseline server shows: that of the service whose place it takes. */
export function ownIdentity(): TlsIdentity {
  const [, certificateFile = '', keyFile = '', caFile = ''] = NAMES.map((name) => setting(name));
  return tlsFiles({ certificateFile, keyFile, caFile });
}

/** As many connections as each of our services has. */
export function baselinePool(): Pool {
  return createPool({
    setting: 'DATABASE_URL',
    connectionString: setting('DATABASE_URL'),
    max: CONNECTIONS,
    applicationName: 'baseline',
  });
}

/** Serves handlers on the servers our services use: mutual TLS 1.3, express, the same headers and limits. */
export async function serveBaseline(
  identity: TlsIdentity,
  handlers: readonly Handler[],
  close: () => Promise<void>,
): Promise<void> {
  const log = createLogger({ service: 'baseline' });
  await runService({
    log,
    async start() {
      const server = createMutualServer({
        identity,
        app: createApp({ log, handlers: [healthRoutes([]), ...handlers] }),
        peers: ['spiffe://local/client/*', 'spiffe://local/service/*'],
        requirePeer: 'always',
        port: Number(setting('PORT')),
        requestTimeoutMs: 0,
      });
      await server.listen();
      return {
        async close() {
          await server.close();
          await close();
          identity.close();
        },
      };
    },
  });
}
