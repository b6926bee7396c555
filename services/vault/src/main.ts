import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createFileRoot } from '@mnv/erasure-tree';
import {
  createKysely,
  createLogger,
  createMetrics,
  openService,
  type ProfileFacts,
  readUnder,
  runService,
} from '@mnv/service-kit';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { createApp } from './app.ts';
import { settingsOf } from './config.ts';
import type { Settings } from './config.ts';
import { readControlKey } from './control/control-key.ts';
import type { VaultDatabase } from './database.ts';
import { drainTime } from './epoch/drain-time.ts';
import type { EpochSettings } from './epoch/epoch-dependencies.ts';
import { exportPlacesOf } from './restore/export/export-places.ts';
import { vaultPeers } from './route-peers.ts';

const SCHEMA_VERSION = 12;
const TENANT_TABLES = [
  'number_record',
  'release',
  'idempotency',
  'duplicate_sweep',
  'duplicate_record',
  'disposal_act',
  'disposal_item',
  'identity_document',
  'identity_document_period',
];
const DATABASE = {
  role: 'vault_service',
  schemaVersion: SCHEMA_VERSION,
  tenantTables: TENANT_TABLES,
  connections: 8,
};
/** A lease and the longest answer under it, with room to spare. */
const SILENT_MS = 30_000;
const SETTLE_MS = 2_000;

const log = createLogger({ service: 'vault' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const epochs = epochSettings(settings);
    const service = await openService({
      name: 'vault',
      prefix: 'VAULT',
      settings,
      database: DATABASE,
      root: rootOf(settings),
      log,
    });
    const { deployment, pool, headRoom, verifyAccessToken } = service;
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
      verifyAccessToken,
      log,
      metrics: createMetrics('vault'),
      headRoom,
      instanceId: settings.VAULT_INSTANCE ?? `${hostname()}:${settings.VAULT_PORT}`,
      epochs,
      clock: Date.now,
      ready: () => pool.query('select 1'),
    });
    const server = service.serve({ app, peers: vaultPeers(deployment) });
    await server.listen();
    for (const job of jobs) job.start();
    service.watch();
    return {
      async close() {
        service.endWatch();
        await server.close();
        await Promise.all(jobs.map((job) => job.stop()));
        await service.close();
      },
    };
  },
});

/** A root in a file is for those who ask for it by name. */
function rootOf(settings: Settings): ProfileFacts['root'] {
  return {
    setting: 'VAULT_ACCEPT_FILE_ROOT',
    kind: 'file',
    accepted: settings.VAULT_ACCEPT_FILE_ROOT === 'assurance-none',
  };
}

function epochSettings(settings: Settings): EpochSettings {
  const { VAULT_EPOCH_CAP_PERCENT: percent, VAULT_EPOCH_CAP_RECORDS: minimum } = settings;
  const graceMs = settings.VAULT_ROOT_GRACE_HOURS * 3_600_000;
  const drainMs = drainTime({ profile: settings.PROFILE, seconds: settings.VAULT_DRAIN_SECONDS });
  return {
    cap: { share: percent / 100, minimum },
    times: { settleMs: SETTLE_MS, drainMs, silentMs: SILENT_MS, graceMs },
  };
}

function readPolicy(settings: Settings): Policy {
  return readUnder(['VAULT_LOG_POLICY_FILE'], () => {
    const text = readFileSync(settings.VAULT_LOG_POLICY_FILE, 'utf8');
    return parsePolicy(text, { origins: 'key-name-or-below' });
  });
}
