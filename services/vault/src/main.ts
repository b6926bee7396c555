import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createFileRoot } from '@mnv/erasure-tree';
import {
  assertDatabaseRole,
  assertProfile,
  createKysely,
  createLogger,
  createMetrics,
  createMutualServer,
  createPool,
  createTokenVerifier,
  runService,
  watchHeadRoom,
  watchDatabaseRole,
  tlsFiles,
  type ExpectedDatabase,
  type TlsMaterial,
  type VerifyAccessToken,
} from '@mnv/service-kit';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import type { Pool } from 'pg';
import { createApp } from './app.ts';
import type { EpochSettings } from './epoch/epoch-dependencies.ts';
import { settingsOf } from './config.ts';
import { readControlKey } from './control/control-key.ts';
import { exportPlacesOf } from './restore/export/export-places.ts';
import type { Settings } from './config.ts';
import type { VaultDatabase } from './database.ts';
import { vaultPeers } from './route-peers.ts';

const SCHEMA_VERSION = 10;
const GIB = 2 ** 30;
const TENANT_TABLES = [
  'number_record',
  'release',
  'idempotency',
  'duplicate_sweep',
  'duplicate_record',
  'disposal_act',
  'disposal_item',
];
const CONNECTIONS = 8;
/** Reads that began before a freeze are over by then: the proxy writes no number that was asked for 15 s before. */
const DRAIN_MS = 18_000;
/** A lease and the longest answer under it, with room to spare. */
const SILENT_MS = 30_000;
const SETTLE_MS = 2_000;

const log = createLogger({ service: 'vault' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const deployment = settings.VAULT_DEPLOYMENT;
    const identity = tlsFiles({
      certificateFile: settings.VAULT_CERTIFICATE_FILE,
      keyFile: settings.VAULT_KEY_FILE,
      caFile: settings.VAULT_CA_FILE,
    });
    const issuerAuthority = readFileSync(settings.VAULT_ISSUER_CA_FILE, 'utf8');
    assertFence(settings, identity.current(), issuerAuthority);
    const pool = await openDatabase(settings);
    const budgetBytes = settings.VAULT_DATABASE_BUDGET_GIB * GIB;
    const headRoom = watchHeadRoom({ pool, budgetBytes, log });
    const policy = readPolicy(settings);
    const { app, jobs } = await createApp({
      deployment,
      db: createKysely<VaultDatabase>(pool),
      pool,
      root: createFileRoot({
        file: settings.VAULT_ROOT_FILE,
        keyFile: settings.VAULT_ROOT_KEY_FILE,
      }),
      controlKey: readControlKey(settings, policy),
      exportPlaces: exportPlacesOf(settings),
      policy,
      verifyAccessToken: openVerifier(settings, issuerAuthority),
      log,
      metrics: createMetrics('vault'),
      headRoom,
      instanceId: settings.VAULT_INSTANCE ?? `${hostname()}:${settings.VAULT_PORT}`,
      epochs: epochSettings(settings),
      clock: Date.now,
      ready: () => pool.query('select 1'),
    });
    const server = createMutualServer({
      identity,
      app,
      peers: vaultPeers(deployment),
      requirePeer: 'always',
      host: settings.VAULT_HOST,
      port: settings.VAULT_PORT,
    });
    await server.listen();
    for (const job of jobs) job.start();
    headRoom.start();
    const endWatch = watchDatabaseRole(pool, expectedOf(settings), { stop: giveUp });
    return {
      async close() {
        endWatch();
        headRoom.stop();
        await server.close();
        await Promise.all(jobs.map((job) => job.stop()));
        await pool.end();
        identity.close();
      },
    };
  },
});

/** Thrown outside of any request, a fault ends the process in order; it cannot start again until mended. */
function giveUp(fault: Error): never {
  throw fault;
}

function openVerifier(settings: Settings, issuerAuthority: string): VerifyAccessToken {
  return createTokenVerifier({
    issuer: settings.VAULT_ISSUER,
    audience: settings.VAULT_AUDIENCE,
    jwksUri: settings.VAULT_JWKS_URL,
    ca: issuerAuthority,
  });
}

/** Where the database is, and the setting to name when something is wrong with it. */
function databaseOf(settings: Settings) {
  return {
    setting: 'VAULT_DATABASE_URL',
    connectionString: settings.VAULT_DATABASE_URL,
    caFile: settings.VAULT_DATABASE_CA_FILE,
  };
}

function assertFence(settings: Settings, own: TlsMaterial, issuerAuthority: string): void {
  assertProfile({
    profile: settings.PROFILE,
    certificate: { setting: 'VAULT_CERTIFICATE_FILE', pem: own.certificate },
    authorities: [
      { setting: 'VAULT_CA_FILE', pem: own.ca },
      { setting: 'VAULT_ISSUER_CA_FILE', pem: issuerAuthority },
    ],
    issuers: [
      { setting: 'VAULT_ISSUER', url: settings.VAULT_ISSUER },
      { setting: 'VAULT_JWKS_URL', url: settings.VAULT_JWKS_URL },
    ],
    databases: [databaseOf(settings)],
    root: {
      setting: 'VAULT_ACCEPT_FILE_ROOT',
      kind: 'file',
      accepted: settings.VAULT_ACCEPT_FILE_ROOT === 'assurance-none',
    },
  });
}

function epochSettings(settings: Settings): EpochSettings {
  const { VAULT_EPOCH_CAP_PERCENT: percent, VAULT_EPOCH_CAP_RECORDS: minimum } = settings;
  const graceMs = settings.VAULT_ROOT_GRACE_HOURS * 3_600_000;
  return {
    cap: { share: percent / 100, minimum },
    times: { settleMs: SETTLE_MS, drainMs: DRAIN_MS, silentMs: SILENT_MS, graceMs },
  };
}

function expectedOf(settings: Settings): ExpectedDatabase {
  return {
    setting: databaseOf(settings).setting,
    profile: settings.PROFILE,
    role: 'vault_service',
    schemaVersion: SCHEMA_VERSION,
    tenantTables: TENANT_TABLES,
  };
}

function readPolicy(settings: Settings): Policy {
  const text = readFileSync(settings.VAULT_LOG_POLICY_FILE, 'utf8');
  return parsePolicy(text, { origins: 'key-name-or-below' });
}

async function openDatabase(settings: Settings): Promise<Pool> {
  const pool = createPool({ ...databaseOf(settings), max: CONNECTIONS, applicationName: 'vault' });
  await assertDatabaseRole(pool, expectedOf(settings));
  return pool;
}
