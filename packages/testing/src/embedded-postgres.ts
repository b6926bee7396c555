import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clusterDirectory } from './cluster-directory.ts';
import { endWithParent } from './end-with-parent.ts';
import { freePort } from './free-port.ts';
import { SERVER_ENVIRONMENT, initialiseCluster } from './initialise-cluster.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { SERVER_IDENTITY } from './server-identity.ts';
import { serverSettings } from './server-settings.ts';
import type { Durability } from './server-settings.ts';

const START_DEADLINE_MS = 30_000;
const ATTEMPTS = 3;

export interface PostgresOptions {
  /** Where the cluster is wanted; see {@link clusterDirectory} for when it lives elsewhere. */
  readonly directory: string;
  /** A free loopback port is taken when none is given. */
  readonly port?: number;
  /** Of the superuser `postgres`. Used only when the cluster is made; later starts keep the first one. */
  readonly superPassword: string;
  readonly durability: Durability;
  /** Added to, and winning over, {@link serverSettings}. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How a server goes: 'fast' ends sessions and writes a checkpoint, 'immediate' is a crash. */
export type StopMode = 'fast' | 'immediate';

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly socketDirectory: string;
  /** Where the cluster really lives. */
  readonly directory: string;
  readonly pid: number;
  readonly logFile: string;
  stop(mode?: StopMode): Promise<void>;
}

/**
 * Makes the cluster on first use and starts its server. It listens on loopback and a unix socket, asks for
 * SCRAM on both, and dies with this process. Throws with the end of the server's log when it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const [binaries, directory] = await Promise.all([
    postgresBinaries(),
    clusterDirectory(options.directory),
  ]);
  const { superPassword, durability } = options;
  await initialiseCluster({ initdb: binaries.initdb, directory, superPassword, durability });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return await serve({ ...options, postgres: binaries.postgres, directory, port });
    } catch (error) {
      if (options.port !== undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

type Service = PostgresOptions & { postgres: string; port: number };

async function serve(service: Service): Promise<PostgresServer> {
  const { directory, port } = service;
  const logFile = join(directory, 'server.log');
  const { child, exited } = await launch(service, logFile);
  const pid = child.pid;
  if (pid === undefined) throw new Error('PostgreSQL could not be started');
  const dismissWatcher = endWithParent(pid);
  void exited.then(dismissWatcher);
  await untilReady(child, join(directory, 'data/postmaster.pid')).catch(async (cause: unknown) => {
    child.kill('SIGQUIT');
    await exited;
    throw new Error(`PostgreSQL did not start: ${await endOf(logFile)}`, { cause });
  });
  const stop = async (mode: StopMode = 'fast') => {
    child.ref();
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await exited;
  };
  const socketDirectory = join(directory, 's');
  return { host: '127.0.0.1', port, socketDirectory, directory, pid, logFile, stop };
}

type Launched = { child: ChildProcess; exited: Promise<void> };

/**
 * The log is opened by us and written by the server, so it needs no pipe that we would have to drain. The end
 * is listened for in the turn of the start: a server that refuses its settings is gone before the log is closed.
 */
async function launch(service: Service, logFile: string): Promise<Launched> {
  const settings = {
    ...serverSettings(service.durability),
    port: String(service.port),
    unix_socket_directories: join(service.directory, 's'),
    ...service.settings,
  };
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(service.postgres, commandLine(join(service.directory, 'data'), settings), {
      ...SERVER_IDENTITY,
      env: SERVER_ENVIRONMENT,
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve()).once('error', () => resolve());
    });
    child.unref();
    return { child, exited };
  } finally {
    await log.close();
  }
}

function commandLine(data: string, settings: Readonly<Record<string, string>>): string[] {
  return [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** The last line of the pid file is the server's own word on its state (what pg_ctl waits for). */
async function untilReady(child: ChildProcess, pidFile: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the server ended');
    const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return;
    await pause(10);
  }
  throw new Error('the server was not ready in time');
}

async function endOf(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8').catch(() => '')).slice(-2000);
}
