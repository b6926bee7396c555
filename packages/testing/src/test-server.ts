import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from './embedded-postgres.ts';
import type { PostgresOptions, PostgresServer, StopMode } from './embedded-postgres.ts';
import { RUN_PREFIX, runDirectory } from './sweep-leftovers.ts';
import { randomPassword } from './test-cluster.ts';

/** A server of one test file, to be crashed, restarted and misconfigured without harm to other files. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
  readonly directory: string;
  /** As the superuser, in the database `postgres`. */
  readonly adminDsn: string;
  /** 'immediate' (the default) is a crash. */
  stop(mode?: StopMode): Promise<void>;
  /** On the same port, with the same data. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts an own server, where the run's clusters live. Call `remove` in `afterAll`. */
export async function startTestServer(
  options: Pick<PostgresOptions, 'durability' | 'settings'>,
): Promise<TestServer> {
  const home = await mkdtemp(join(runDirectory(), `${RUN_PREFIX}${process.pid}-`));
  await chmod(home, 0o711);
  const superPassword = randomPassword();
  const order = { ...options, superPassword, directory: join(home, 'postgres') };
  let server: PostgresServer = await startPostgres(order);
  const { host, port, logFile, directory } = server;
  return {
    host,
    port,
    logFile,
    directory,
    adminDsn: `postgresql://postgres:${superPassword}@${host}:${port}/postgres`,
    stop: (mode = 'immediate') => server.stop(mode),
    start: async () => {
      server = await startPostgres({ ...order, port });
    },
    remove: async () => {
      await server.stop('immediate');
      await rm(directory, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };
}
