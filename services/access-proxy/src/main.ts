import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import {
  assertDatabaseRole,
  assertProfile,
  controlKeysOf,
  createKysely,
  createLogger,
  createMetrics,
  createMutualServer,
  createPool,
  createServiceClient,
  createTokenVerifier,
  type ExpectedDatabase,
  type Metrics,
  type MutualServer,
  openWitnesses,
  runService,
  tlsFiles,
  type TlsIdentity,
  type TlsMaterial,
  type VerifyAccessToken,
  watchDatabaseRole,
  watchHeadRoom,
} from '@mnv/service-kit';
import type { Pool } from 'pg';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { createApp } from './app.ts';
import { settingsOf } from './config.ts';
import type { Settings } from './config.ts';
import type { AccessDatabase } from './database.ts';
import { openLogArchive } from './log/open-log-archive.ts';
import { readLogKey } from './log/read-log-key.ts';

const SCHEMA_VERSION = 8;
const POLICY_SETTING = 'ACCESS_PROXY_TRUST_POLICY_FILE';
const GIB = 2 ** 30;
const TENANT_TABLES = ['assignment'];
const CONNECTIONS = 8;
/** Appends go one at a time; the second connection stands in while one that lost an answer is replaced. */
const LOG_CONNECTIONS = 2;
/** Less than a stopping process is given in all. */
const STOP_STREAMS_AFTER_MS = 2_500;

const log = createLogger({ service: 'access-proxy' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const deployment = settings.ACCESS_PROXY_DEPLOYMENT;
    const identity = tlsFiles({
      certificateFile: settings.ACCESS_PROXY_CERTIFICATE_FILE,
      keyFile: settings.ACCESS_PROXY_KEY_FILE,
      caFile: settings.ACCESS_PROXY_CA_FILE,
    });
    const issuerAuthority = readFileSync(settings.ACCESS_PROXY_ISSUER_CA_FILE, 'utf8');
    assertFence(settings, identity.current(), issuerAuthority);
    const pool = await openDatabase(settings);
    const budgetBytes = settings.ACCESS_PROXY_DATABASE_BUDGET_GIB * GIB;
    const headRoom = watchHeadRoom({ pool, budgetBytes, log });
    const logPool = openLogPool(settings);
    const vault = createServiceClient({
      identity,
      origin: settings.ACCESS_PROXY_VAULT_URL,
      expectedUri: `spiffe://${deployment}/service/vault`,
    });
    const policy = readPolicy(settings);
    const witnessCa = settings.ACCESS_PROXY_WITNESS_CA_FILE;
    const witnesses = openWitnesses(policy, { setting: POLICY_SETTING, caFile: witnessCa });
    const metrics = createMetrics('access-proxy');
    const { app, watch, following, followOnce, logIdle } = await createApp({
      deployment,
      db: createKysely<AccessDatabase>(pool),
      logPool,
      metrics,
      signingKey: readLogKey(settings, policy),
      vault,
      witnesses,
      archive: await openLogArchive(settings),
      controlKeys: controlKeysOf(policy, { deployment, setting: POLICY_SETTING }),
      verifyAccessToken: openVerifier(settings, issuerAuthority),
      log,
      headRoom,
      clock: Date.now,
      ready: () => pool.query('select 1'),
    });
    const server = openServer(settings, { identity, app, metrics });
    await followOnce();
    await server.listen();
    headRoom.start();
    const endWatch = watchDatabaseRole(pool, expectedOf(settings), { stop: giveUp });
    watch.start();
    following.start();
    return {
      async close() {
        endWatch();
        headRoom.stop();
        await server.close(STOP_STREAMS_AFTER_MS);
        await Promise.all([watch.stop(), following.stop()]);
        await logIdle();
        await Promise.all([vault.close(), ...witnesses.map((witness) => witness.close())]);
        await Promise.all([pool.end(), logPool.end()]);
        identity.close();
      },
    };
  },
});

function openServer(
  settings: Settings,
  { identity, app, metrics }: { identity: TlsIdentity; app: RequestListener; metrics: Metrics },
): MutualServer {
  const deployment = settings.ACCESS_PROXY_DEPLOYMENT;
  const server = createMutualServer({
    identity,
    app,
    peers: [`spiffe://${deployment}/client/*`, `spiffe://${deployment}/service/*`],
    requirePeer: 'always',
    host: settings.ACCESS_PROXY_HOST,
    port: settings.ACCESS_PROXY_PORT,
    requestTimeoutMs: 0,
  });
  // Without a valid certificate nobody is known to write an entry about: such attempts are counted.
  const refused = metrics.counter('connections_refused_total', 'Connections refused in TLS');
  server.server.on('tlsClientError', refused);
  return server;
}

/** Thrown outside of any request, a fault ends the process in order; it cannot start again until mended. */
function giveUp(fault: Error): never {
  throw fault;
}

function openVerifier(settings: Settings, issuerAuthority: string): VerifyAccessToken {
  return createTokenVerifier({
    issuer: settings.ACCESS_PROXY_ISSUER,
    audience: settings.ACCESS_PROXY_AUDIENCE,
    jwksUri: settings.ACCESS_PROXY_JWKS_URL,
    ca: issuerAuthority,
  });
}

/** Where the database is, and the setting to name when something is wrong with it. */
function databaseOf(settings: Settings) {
  return {
    setting: 'ACCESS_PROXY_DATABASE_URL',
    connectionString: settings.ACCESS_PROXY_DATABASE_URL,
    caFile: settings.ACCESS_PROXY_DATABASE_CA_FILE,
  };
}

function assertFence(settings: Settings, own: TlsMaterial, issuerAuthority: string): void {
  assertProfile({
    profile: settings.PROFILE,
    certificate: { setting: 'ACCESS_PROXY_CERTIFICATE_FILE', pem: own.certificate },
    authorities: [
      { setting: 'ACCESS_PROXY_CA_FILE', pem: own.ca },
      { setting: 'ACCESS_PROXY_ISSUER_CA_FILE', pem: issuerAuthority },
    ],
    issuers: [
      { setting: 'ACCESS_PROXY_ISSUER', url: settings.ACCESS_PROXY_ISSUER },
      { setting: 'ACCESS_PROXY_JWKS_URL', url: settings.ACCESS_PROXY_JWKS_URL },
    ],
    databases: [databaseOf(settings)],
  });
}

function readPolicy(settings: Settings): Policy {
  const text = readFileSync(settings[POLICY_SETTING], 'utf8');
  return parsePolicy(text, { origins: 'key-name-or-below' });
}

function expectedOf(settings: Settings): ExpectedDatabase {
  return {
    setting: databaseOf(settings).setting,
    profile: settings.PROFILE,
    role: 'access_service',
    schemaVersion: SCHEMA_VERSION,
    tenantTables: TENANT_TABLES,
  };
}

async function openDatabase(settings: Settings): Promise<Pool> {
  const pool = createPool({
    ...databaseOf(settings),
    max: CONNECTIONS,
    applicationName: 'access-proxy',
  });
  await assertDatabaseRole(pool, expectedOf(settings));
  return pool;
}

function openLogPool(settings: Settings): Pool {
  const applicationName = 'access-proxy log';
  return createPool({ ...databaseOf(settings), max: LOG_CONNECTIONS, applicationName });
}
