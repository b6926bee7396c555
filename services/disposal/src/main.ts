import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  controlKeysOf,
  createKysely,
  createLogger,
  createMetrics,
  createServiceClient,
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
import type { DisposalDatabase } from './database.ts';
import { makeLegalToday } from './legal-today.ts';
import { openPatientPool } from './open-patient-pool.ts';
import { openReminderChannel } from './retention/reminders/reminder-settings.ts';

const SCHEMA_VERSION = 10;
const POLICY_SETTING = 'DISPOSAL_TRUST_POLICY_FILE';
const RETENTION_TABLES = [
  'tracked_record',
  'retention_event',
  'record_life',
  'legal_hold',
  'dry_run',
  'law_adoption',
  'certificate_delivery',
  'subcontractor_deletion',
  'carried_item',
  'reminder',
  'refusal_course',
  'refusal_step',
];
const TENANT_TABLES = [...RETENTION_TABLES, 'disposal', 'disposal_record', 'disposal_certificate'];
const DATABASE = {
  role: 'disposal_service',
  schemaVersion: SCHEMA_VERSION,
  tenantTables: TENANT_TABLES,
  connections: 8,
};

const log = createLogger({ service: 'disposal' });

await runService({
  log,
  async start() {
    const settings = settingsOf(process.env);
    const service = await openService({
      name: 'disposal',
      prefix: 'DISPOSAL',
      settings,
      database: DATABASE,
      log,
    });
    const { deployment, pool, headRoom, verifyAccessToken } = service;
    const patient = openPatientPool(service.database);
    const { proxy, vault } = openServices(settings, service);
    const policy = readPolicy(settings);
    const witnessCa = settings.DISPOSAL_WITNESS_CA_FILE;
    const witnesses = openWitnesses(policy, { setting: POLICY_SETTING, caFile: witnessCa });
    const { app, jobs } = createApp({
      deployment,
      db: createKysely<DisposalDatabase>(pool),
      patient: createKysely<DisposalDatabase>(patient),
      signingKey: readUnder(['DISPOSAL_SIGNING_KEY_FILE'], () =>
        createPrivateKey(readFileSync(settings.DISPOSAL_SIGNING_KEY_FILE)),
      ),
      policy,
      witnesses,
      proxy,
      vault,
      verifyAccessToken,
      log,
      metrics: createMetrics('disposal'),
      headRoom,
      reminderChannel: openReminderChannel(settings),
      clock: Date.now,
      today: makeLegalToday({
        clock: Date.now,
        profile: settings.PROFILE,
        dayFile: settings.DISPOSAL_LEGAL_DAY_FILE,
      }),
      ready: () => pool.query('select 1'),
    });
    const server = service.serve({
      app,
      peers: [`spiffe://${deployment}/client/*`, `spiffe://${deployment}/service/*`],
      requestTimeoutMs: 0,
    });
    await server.listen();
    service.watch();
    for (const job of jobs) job.start();
    return {
      async close() {
        service.endWatch();
        await server.close();
        await Promise.all(jobs.map((job) => job.stop()));
        await Promise.all([vault, proxy, ...witnesses].map((one) => one.close()));
        await patient.end();
        await service.close();
      },
    };
  },
});

/** The services behind this one: the proxy writes the entries, the vault disposes. */
function openServices(settings: Settings, { deployment, identity }: OpenedService) {
  const services = `spiffe://${deployment}/service`;
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

function readPolicy(settings: Settings): Policy {
  const policy = readUnder([POLICY_SETTING], () => {
    const text = readFileSync(settings[POLICY_SETTING], 'utf8');
    return parsePolicy(text, { origins: 'key-name-or-below' });
  });
  const deployment = settings.DISPOSAL_DEPLOYMENT;
  controlKeysOf(policy, { deployment, setting: POLICY_SETTING });
  return policy;
}
