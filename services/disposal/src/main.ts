import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  assertDatabaseRole,
  assertProfile,
  createKysely,
  createLogger,
  createMetrics,
  createMutualServer,
  createServiceClient,
  createTokenVerifier,
  controlKeysOf,
  openWitnesses,
  runService,
  watchHeadRoom,
  watchDatabaseRole,
  tlsFiles,
  type ExpectedDatabase,
  type TlsIdentity,
  type TlsMaterial,
  type VerifyAccessToken,
} from '@mnv/service-kit';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { createApp } from './app.ts';
import { settingsOf } from './config.ts';
import type { Settings } from './config.ts';
import type { DisposalDatabase } from './database.ts';
import { openPools } from './open-pools.ts';
import type { Pools } from './open-pools.ts';

const SCHEMA_VERSION = 6;
const POLICY_SETTING = 'DISPOSAL_TRUST_POLICY_FILE';
const GIB = 2 ** 30;
const RETENTION_TABLES = [
  'tracked_record',
  'retention_event',
  'record_life',
  'legal_hold',
  'dry_run',
  'law_adoption',
];
const TENANT_TABLES = [...RETENTION_TABLES, 'disposal', 'disposal_record', 'disposal_certificate'];

const log = createLogger({ service: 'disposal' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const deployment = settings.DISPOSAL_DEPLOYMENT;
    const identity = tlsFiles({
      certificateFile: settings.DISPOSAL_CERTIFICATE_FILE,
      keyFile: settings.DISPOSAL_KEY_FILE,
      caFile: settings.DISPOSAL_CA_FILE,
    });
    const issuerAuthority = readFileSync(settings.DISPOSAL_ISSUER_CA_FILE, 'utf8');
    assertFence(settings, identity.current(), issuerAuthority);
    const { pool, patient } = await openDatabase(settings);
    const budgetBytes = settings.DISPOSAL_DATABASE_BUDGET_GIB * GIB;
    const headRoom = watchHeadRoom({ pool, budgetBytes, log });
    const { proxy, vault } = openServices(settings, identity);
    const policy = readPolicy(settings);
    const witnessCa = settings.DISPOSAL_WITNESS_CA_FILE;
    const witnesses = openWitnesses(policy, { setting: POLICY_SETTING, caFile: witnessCa });
    const { app, jobs } = createApp({
      deployment,
      db: createKysely<DisposalDatabase>(pool),
      patient: createKysely<DisposalDatabase>(patient),
      signingKey: createPrivateKey(readFileSync(settings.DISPOSAL_SIGNING_KEY_FILE)),
      policy,
      witnesses,
      proxy,
      vault,
      verifyAccessToken: openVerifier(settings, issuerAuthority),
      log,
      metrics: createMetrics('disposal'),
      headRoom,
      clock: Date.now,
      ready: () => pool.query('select 1'),
    });
    const server = createMutualServer({
      identity,
      app,
      peers: [`spiffe://${deployment}/client/*`, `spiffe://${deployment}/service/*`],
      requirePeer: 'always',
      host: settings.DISPOSAL_HOST,
      port: settings.DISPOSAL_PORT,
      requestTimeoutMs: 0,
    });
    await server.listen();
    headRoom.start();
    const endWatch = watchDatabaseRole(pool, expectedOf(settings), { stop: giveUp });
    for (const job of jobs) job.start();
    return {
      async close() {
        endWatch();
        headRoom.stop();
        await server.close();
        await Promise.all(jobs.map((job) => job.stop()));
        await Promise.all([vault, proxy, ...witnesses].map((one) => one.close()));
        await Promise.all([pool.end(), patient.end()]);
        identity.close();
      },
    };
  },
});

/** Thrown outside of any request, a fault ends the process in order; it cannot start again until mended. */
function giveUp(fault: Error): never {
  throw fault;
}

/** The services behind this one: the proxy writes the entries, the vault disposes. */
function openServices(settings: Settings, identity: TlsIdentity) {
  const services = `spiffe://${settings.DISPOSAL_DEPLOYMENT}/service`;
  return {
    proxy: createServiceClient({
      identity,
      origin: settings.DISPOSAL_PROXY_URL,
      expectedUri: `${services}/access-proxy`,
      unavailable: 'log-unavailable',
    }),
    vault: createServiceClient({
      identity,
      origin: settings.DISPOSAL_VAULT_URL,
      expectedUri: `${services}/vault`,
    }),
  };
}

function openVerifier(settings: Settings, issuerAuthority: string): VerifyAccessToken {
  return createTokenVerifier({
    issuer: settings.DISPOSAL_ISSUER,
    audience: settings.DISPOSAL_AUDIENCE,
    jwksUri: settings.DISPOSAL_JWKS_URL,
    ca: issuerAuthority,
  });
}

/** Where the database is, and the setting to name when something is wrong with it. */
function databaseOf(settings: Settings) {
  return {
    setting: 'DISPOSAL_DATABASE_URL',
    connectionString: settings.DISPOSAL_DATABASE_URL,
    caFile: settings.DISPOSAL_DATABASE_CA_FILE,
  };
}

function assertFence(settings: Settings, own: TlsMaterial, issuerAuthority: string): void {
  assertProfile({
    profile: settings.PROFILE,
    certificate: { setting: 'DISPOSAL_CERTIFICATE_FILE', pem: own.certificate },
    authorities: [
      { setting: 'DISPOSAL_CA_FILE', pem: own.ca },
      { setting: 'DISPOSAL_ISSUER_CA_FILE', pem: issuerAuthority },
    ],
    issuers: [
      { setting: 'DISPOSAL_ISSUER', url: settings.DISPOSAL_ISSUER },
      { setting: 'DISPOSAL_JWKS_URL', url: settings.DISPOSAL_JWKS_URL },
    ],
    databases: [databaseOf(settings)],
  });
}

function readPolicy(settings: Settings): Policy {
  const text = readFileSync(settings[POLICY_SETTING], 'utf8');
  const policy = parsePolicy(text, { origins: 'key-name-or-below' });
  const deployment = settings.DISPOSAL_DEPLOYMENT;
  controlKeysOf(policy, { deployment, setting: POLICY_SETTING });
  return policy;
}

function expectedOf(settings: Settings): ExpectedDatabase {
  return {
    setting: databaseOf(settings).setting,
    profile: settings.PROFILE,
    role: 'disposal_service',
    schemaVersion: SCHEMA_VERSION,
    tenantTables: TENANT_TABLES,
  };
}

async function openDatabase(settings: Settings): Promise<Pools> {
  const pools = openPools(databaseOf(settings));
  await assertDatabaseRole(pools.pool, expectedOf(settings));
  return pools;
}
