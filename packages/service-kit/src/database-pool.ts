import { readFileSync } from 'node:fs';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { isLocalDatabase } from './database-address.ts';
import { guardCommits } from './guard-commits.ts';
import { StartupError } from './startup-error.ts';

const ACQUIRE_DEADLINE_MS = 500;
const STATEMENT_TIMEOUT_MS = 5_000;
/** Later than the server's own: it fires only when the server does not answer at all. */
const ANSWER_GRACE_MS = 500;
const TLS_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl'];

export type PoolOptions = {
  /** Name of the setting that holds the connection string, for errors. */
  setting: string;
  connectionString: string;
  max: number;
  applicationName: string;
  /** PEM of the authority of the database's certificate. Without it a remote database is refused. */
  caFile?: string | undefined;
  /** How long work may wait for a connection: 0.5 s, as a request may, unless nobody waits for an answer. */
  acquireMs?: number;
  /** How long one statement may take: 5 s, unless it goes through more than one request is about. */
  statementMs?: number;
};

/**
 * A pool for one service role. A remote database is spoken to by TLS 1.3 with its name verified or not at
 * all, in every profile. Waiting for a connection ends after `acquireMs`. Throws StartupError.
 */
export function createPool(options: PoolOptions): pg.Pool {
  requireUrl(options);
  const statementMs = options.statementMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: withoutTlsParameters(options.connectionString),
    ssl: tlsOf(options),
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.acquireMs ?? ACQUIRE_DEADLINE_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + ANSWER_GRACE_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A session that ends while idle is replaced; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The query builder over a pool. Its transactions fail when their COMMIT was a rollback or came with a warning. */
export function createKysely<Database>(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: guardCommits(pool) }) });
}

function requireUrl({ setting, connectionString }: PoolOptions): void {
  if (URL.canParse(connectionString)) return;
  throw new StartupError([setting], 'is not a postgresql:// address');
}

function tlsOf({ setting, connectionString, caFile }: PoolOptions): pg.PoolConfig['ssl'] {
  if (caFile !== undefined) {
    const ca = readAuthority(setting, caFile);
    return { ca, rejectUnauthorized: true, minVersion: 'TLSv1.3' };
  }
  if (isLocalDatabase(connectionString)) return false;
  throw new StartupError(
    [setting],
    'a remote database needs the file of its authority: TLS is not optional',
  );
}

function readAuthority(setting: string, caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch {
    throw new StartupError([setting], 'the file of its authority cannot be read');
  }
}

/** The driver lets `sslmode=no-verify` in the string win over the options beside it. */
function withoutTlsParameters(connectionString: string): string {
  const url = new URL(connectionString);
  for (const name of TLS_PARAMETERS) url.searchParams.delete(name);
  return url.href;
}
