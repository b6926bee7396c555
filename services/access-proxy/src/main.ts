import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import {
  controlKeysOf,
  createKysely,
  createLogger,
  createMetrics,
  createPool,
  createServiceClient,
  type Metrics,
  type MutualServer,
  type OpenedService,
  openService,
  openWitnesses,
  readUnder,
  runService,
} from '@mnv/service-kit';
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
const TENANT_TABLES = ['assignment'];
const DATABASE = {
  role: 'access_service',
  schemaVersion: SCHEMA_VERSION,
  tenantTables: TENANT_TABLES,
  connections: 8,
};
/** Appends go one at a time; the second connection stands in while one that lost an answer is replaced. */
const LOG_CONNECTIONS = 2;
/** Less than a stopping process is given in all. */
const STOP_STREAMS_AFTER_MS = 2_500;

const log = createLogger({ service: 'access-proxy' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const service = await openService({
      name: 'access-proxy',
      prefix: 'ACCESS_PROXY',
      settings,
      database: DATABASE,
      log,
    });
    const { deployment, identity, pool, headRoom, verifyAccessToken } = service;
    const logPool = createPool({
      ...service.database,
      max: LOG_CONNECTIONS,
      applicationName: 'access-proxy log',
    });
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
      verifyAccessToken,
      log,
      headRoom,
      clock: Date.now,
      ready: () => pool.query('select 1'),
    });
    const server = serve(service, app, metrics);
    await followOnce();
    await server.listen();
    service.watch();
    watch.start();
    following.start();
    return {
      async close() {
        service.endWatch();
        await server.close(STOP_STREAMS_AFTER_MS);
        await Promise.all([watch.stop(), following.stop()]);
        await logIdle();
        await Promise.all([vault.close(), ...witnesses.map((witness) => witness.close())]);
        await logPool.end();
        await service.close();
      },
    };
  },
});

function serve(service: OpenedService, app: RequestListener, metrics: Metrics): MutualServer {
  const { deployment } = service;
  const peers = [`spiffe://${deployment}/client/*`, `spiffe://${deployment}/service/*`];
  const server = service.serve({ app, peers, requestTimeoutMs: 0 });
  // Without a valid certificate nobody is known to write an entry about: such attempts are counted.
  const refused = metrics.counter('connections_refused_total', 'Connections refused in TLS');
  server.server.on('tlsClientError', refused);
  return server;
}

function readPolicy(settings: Settings): Policy {
  return readUnder([POLICY_SETTING], () => {
    const text = readFileSync(settings[POLICY_SETTING], 'utf8');
    return parsePolicy(text, { origins: 'key-name-or-below' });
  });
}
