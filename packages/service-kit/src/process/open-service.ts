import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Pool } from 'pg';
import { assertDatabaseRole, type ExpectedDatabase } from '../database-role.ts';
import { createPool, type PoolOptions } from '../database-pool.ts';
import type { Logger } from '../logger.ts';
import { tlsFiles, type TlsIdentity, type TlsMaterial } from '../tls/identity.ts';
import { readUnder, startupErrorOf } from '../startup-error.ts';
import { createMutualServer, type MutualServer } from '../tls/mutual-server.ts';
import type { VerifyAccessToken } from '../tokens/access-token.ts';
import { createTokenVerifier } from '../tokens/token-verifier.ts';
import { watchDatabaseRole } from '../watch-database-role.ts';
import { type HeadRoom, watchHeadRoom } from './head-room.ts';
import { assertProfile, type ProfileFacts } from './profile.ts';
import { type PrefixedSettings, type ServiceSettings, withoutPrefix } from './service-settings.ts';

const GIB = 2 ** 30;

export type ServiceOrder<Prefix extends string> = {
  /** Its name in logs, metrics and the database's list of sessions. */
  name: string;
  /** Of its settings, which `serviceSettings(prefix)` describes. */
  prefix: Prefix;
  settings: PrefixedSettings<Prefix>;
  database: Pick<ExpectedDatabase, 'role' | 'schemaVersion' | 'tenantTables'> & {
    connections: number;
  };
  /** Where keys lie, when the service has a root of keys. */
  root?: ProfileFacts['root'];
  log: Logger;
};

/** Whom a service lets in, and for how long a request may be read. */
export type Listening = {
  app: RequestListener;
  /** URIs of the certificates that are let in; `*` at the end stands for a name. */
  peers: readonly string[];
  requestTimeoutMs?: number;
};

/** What every service stands on: who it is, whom it believes, and a database that is what it must be. */
export type OpenedService = {
  deployment: string;
  identity: TlsIdentity;
  pool: Pool;
  /** The same database, for another pool. */
  database: Pick<PoolOptions, 'setting' | 'connectionString' | 'caFile'>;
  headRoom: HeadRoom;
  verifyAccessToken: VerifyAccessToken;
  /** Not listening yet. */
  serve(listening: Listening): MutualServer;
  /** Begins to watch the database: its size, and that it stays what it was found to be. */
  watch(): void;
  endWatch(): void;
  /** Last of all. */
  close(): Promise<void>;
};

/**
 * Refuses to go on where development and production are mixed, the role may do too much, or the database does
 * not keep what it confirms: throws StartupError, which names the settings.
 */
export async function openService<Prefix extends string>(
  order: ServiceOrder<Prefix>,
): Promise<OpenedService> {
  const { name, prefix, log } = order;
  const told = withoutPrefix(prefix, order.settings);
  const identity = readUnder(
    ['CERTIFICATE_FILE', 'KEY_FILE', 'CA_FILE'].map((name) => `${prefix}_${name}`),
    () => identityOf(told),
  );
  const issuerAuthority = readUnder([`${prefix}_ISSUER_CA_FILE`], () =>
    readFileSync(told.ISSUER_CA_FILE, 'utf8'),
  );
  const database = databaseOf(prefix, told);
  assertProfile({
    ...profileFactsOf(prefix, told, { own: identity.current(), issuerAuthority }),
    databases: [database],
    ...(order.root && { root: order.root }),
  });
  const { connections, ...required } = order.database;
  const expected = { ...required, setting: database.setting, profile: told.PROFILE };
  const pool = createPool({ ...database, max: connections, applicationName: name });
  await assertDatabaseRole(pool, expected).catch((error: unknown) => {
    throw startupErrorOf([database.setting], error);
  });
  const headRoom = watchHeadRoom({ pool, budgetBytes: told.DATABASE_BUDGET_GIB * GIB, log });
  let endWatch = () => {};
  return {
    deployment: told.DEPLOYMENT,
    identity,
    pool,
    database,
    headRoom,
    verifyAccessToken: openVerifier(told, issuerAuthority),
    serve: (listening) => serve(told, identity, listening),
    watch() {
      headRoom.start();
      endWatch = watchDatabaseRole(pool, expected, { stop: giveUp });
    },
    endWatch() {
      endWatch();
      headRoom.stop();
    },
    async close() {
      await pool.end();
      identity.close();
    },
  };
}

function identityOf(told: ServiceSettings): TlsIdentity {
  const { CERTIFICATE_FILE: certificateFile, KEY_FILE: keyFile, CA_FILE: caFile } = told;
  return tlsFiles({ certificateFile, keyFile, caFile });
}

/** Thrown outside of any request, a fault ends the process in order; it cannot start again until mended. */
function giveUp(fault: Error): never {
  throw fault;
}

function serve(told: ServiceSettings, identity: TlsIdentity, listening: Listening): MutualServer {
  const { HOST: host, PORT: port } = told;
  return createMutualServer({ identity, ...listening, requirePeer: 'always', host, port });
}

function openVerifier(told: ServiceSettings, issuerAuthority: string): VerifyAccessToken {
  return createTokenVerifier({
    issuer: told.ISSUER,
    audience: told.AUDIENCE,
    jwksUri: told.JWKS_URL,
    ca: issuerAuthority,
  });
}

/** Where the database is, and the setting to name when something is wrong with it. */
function databaseOf(prefix: string, told: ServiceSettings): OpenedService['database'] {
  return {
    setting: `${prefix}_DATABASE_URL`,
    connectionString: told.DATABASE_URL,
    caFile: told.DATABASE_CA_FILE,
  };
}

function profileFactsOf(
  prefix: string,
  told: ServiceSettings,
  { own, issuerAuthority }: { own: TlsMaterial; issuerAuthority: string },
): Omit<ProfileFacts, 'databases' | 'root'> {
  return {
    profile: told.PROFILE,
    certificate: { setting: `${prefix}_CERTIFICATE_FILE`, pem: own.certificate },
    authorities: [
      { setting: `${prefix}_CA_FILE`, pem: own.ca },
      { setting: `${prefix}_ISSUER_CA_FILE`, pem: issuerAuthority },
    ],
    issuers: [
      { setting: `${prefix}_ISSUER`, url: told.ISSUER },
      { setting: `${prefix}_JWKS_URL`, url: told.JWKS_URL },
    ],
  };
}
