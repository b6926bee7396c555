import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Writable } from 'node:stream';
import { leakTripwire } from '@mnv/testing';
import winston from 'winston';
import type { Clock } from '@mnv/core';
import type { Authority } from '@mnv/pki';
import { issueCertificate } from '@mnv/pki';
import {
  createKysely,
  createLogger,
  createMetrics,
  createMutualServer,
  createPool,
  createServiceClient,
  createTokenVerifier,
  watchHeadRoom,
} from '@mnv/service-kit';
import type { ServiceAnswer, ServiceClient, TlsIdentity } from '@mnv/service-kit';
import type { RootProvider } from '@mnv/erasure-tree';
import { parsePolicy } from '@mnv/transparency-log';
import { createApp } from '../../src/app.ts';
import { exportDirectory } from '../../src/restore/export/export-directory.ts';
import type { Exports } from '../../src/restore/export/open-exports.ts';
import type { EpochSettings } from '../../src/epoch/epoch-dependencies.ts';
import type { VaultDatabase } from '../../src/database.ts';
import type { UpkeepTimes } from '../../src/open-upkeep.ts';
import { vaultPeers } from '../../src/route-peers.ts';
import type { FaultPoints } from './fault-points.ts';
import { AUDIENCE, ISSUER } from './token-issuer.ts';

export const DEPLOYMENT = 'test';
const CALL_MS = 20_000;
const ROOMY = 2 ** 40;
const NO_UPKEEP: UpkeepTimes = { isNight: () => false, scrubPassMs: Number.POSITIVE_INFINITY };

/** One instance of the vault behind its door, and the proxy's way in. */
export type RunningVault = {
  instanceId: string;
  call(path: string, body: unknown): Promise<ServiceAnswer>;
  /** Its metrics, as Prometheus reads them. */
  metrics(): Promise<string>;
  exports: Exports;
  /** Takes epochs as far as they go now; for a quiet vault. */
  runEpochs(): Promise<void>;
  /** The same as the disposal service. */
  asDisposal: ServiceClient;
  /** The lines of its log so far. */
  logged(): string;
  close(): Promise<void>;
};

export type VaultParts = {
  authority: Authority;
  root: RootProvider;
  controlKey: KeyObject;
  /** Directories; none unless exports are what is tried. */
  exportTo: readonly string[];
  jwks: { keys: object[] };
  policy: string;
  dsn: string;
  clock?: Clock;
  audience?: string;
  /** What its database may grow to; nearly without bounds when it is not what is tried. */
  budgetBytes?: number;
  /** Whose certificate calls; the door lets in the access proxy alone. */
  callerUri?: string;
  /** Whether it is told at once that nobody remembers more than it holds; it is, unless told otherwise. */
  tellMemory?: boolean;
  /** When it opens numbers by itself: never, when that is not what is tried. */
  upkeep?: UpkeepTimes;
  /** Changes of how epochs are paced: here nothing is waited for. */
  epochs?: Partial<EpochSettings['times']>;
  cap?: EpochSettings['cap'];
  /** Does nothing by itself, so that whoever counts bytes or statements counts his own. */
  quiet?: boolean;
  /** Lets a step of what it does fail. */
  faults?: Pick<FaultPoints, 'pool' | 'root'>;
};

const UNPACED = { settleMs: 0, drainMs: 0, silentMs: 30_000, graceMs: 0 };

/** A pool that has connected: on a busy machine the first connections come too late for the service's patience. */
async function connectedPool(connectionString: string) {
  const pool = createPool({ setting: 'TEST', connectionString, max: 8, applicationName: 'vault' });
  for (let left = 20; ; left -= 1) {
    try {
      await pool.query('select 1');
      return pool;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

export async function startVault(parts: VaultParts): Promise<RunningVault> {
  const { authority } = parts;
  const sound = await connectedPool(parts.dsn);
  const pool = parts.faults?.pool(sound) ?? sound;
  const written = keptLog();
  const log = createLogger({ service: 'vault', transports: [written.transport] });
  const headRoom = watchHeadRoom({ pool, budgetBytes: parts.budgetBytes ?? ROOMY, log });
  await headRoom.look();
  const metrics = createMetrics('vault');
  const instanceId = randomUUID();
  const starting = createApp({
    deployment: DEPLOYMENT,
    db: createKysely<VaultDatabase>(pool),
    pool,
    ...chosen(parts),
    log,
    metrics,
    headRoom,
    instanceId,
    ready: () => pool.query('select 1'),
  });
  const { app, jobs, exports, runEpochs } = await starting.catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const vaultUri = `spiffe://${DEPLOYMENT}/service/vault`;
  const proxyUri = `spiffe://${DEPLOYMENT}/service/access-proxy`;
  const server = createMutualServer({
    identity: identityOf(authority, vaultUri),
    app,
    peers: vaultPeers(DEPLOYMENT),
    requirePeer: 'always',
    port: 0,
  });
  const port = await server.listen();
  if (!parts.quiet) for (const job of jobs) job.start();
  const client = createServiceClient({
    identity: identityOf(authority, parts.callerUri ?? proxyUri),
    origin: `https://127.0.0.1:${port}`,
    expectedUri: vaultUri,
    connections: 6,
  });
  // What the access proxy does when it meets a vault that has just begun: it knows nothing to the contrary.
  if (parts.tellMemory ?? parts.callerUri === undefined)
    await client.json('/internal/control-log/memory', { witnesses: [] }, { deadlineMs: CALL_MS });
  const asDisposal = createServiceClient({
    identity: identityOf(authority, `spiffe://${DEPLOYMENT}/service/disposal`),
    origin: `https://127.0.0.1:${port}`,
    expectedUri: vaultUri,
    connections: 2,
  });
  return {
    instanceId,
    asDisposal,
    call: async (path, body) => {
      const answer = await client.json(path, body, { deadlineMs: CALL_MS });
      // What is disclosed is what it may answer.
      if (answer.status !== 200 || !path.endsWith('/disclosures'))
        leakTripwire().watch(`an answer of ${path}`, JSON.stringify(answer.body));
      return answer;
    },
    metrics: () => metrics.registry.metrics(),
    exports,
    runEpochs,
    logged: () => written.text(),
    close: async () => {
      if (pool.ended) return;
      await client.close();
      await asDisposal.close();
      await server.close(100);
      await Promise.all(jobs.map((job) => job.stop()));
      await pool.end();
      leakTripwire().watch('the log of the vault', written.text());
    },
  };
}

/** What a test chose, and what it left as usual. */
function chosen(parts: VaultParts) {
  const { root, jwks, controlKey, clock = Date.now, audience = AUDIENCE } = parts;
  return {
    root: parts.faults?.root(root) ?? root,
    controlKey,
    exportPlaces: parts.exportTo.map((directory, at) =>
      exportDirectory(`export ${at + 1}`, directory),
    ),
    policy: parsePolicy(parts.policy, { origins: 'key-name-or-below' }),
    verifyAccessToken: createTokenVerifier({ issuer: ISSUER, audience, jwks, clock }),
    epochs: epochsOf(parts),
    clock,
    upkeep: parts.upkeep ?? NO_UPKEEP,
  };
}

function epochsOf({ cap = { share: 0.1, minimum: 1000 }, epochs }: VaultParts): EpochSettings {
  return { cap, times: { ...UNPACED, ...epochs }, lookEveryMs: 100, rootsEveryMs: 200 };
}

function keptLog() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return { transport: new winston.transports.Stream({ stream }), text: () => lines.join('') };
}

function identityOf(authority: Authority, uri: string): TlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const usage = 'both';
  const certificate = issueCertificate({
    authority,
    publicKey,
    subject: 'test',
    usage,
    uris: [uri],
  });
  const material = {
    certificate,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ca: authority.certificatePem,
  };
  return { current: () => material, onRenewal: () => () => undefined, close: () => undefined };
}
