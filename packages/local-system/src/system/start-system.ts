import { rmSync } from 'node:fs';
import { ProblemError } from '@mnv/client';
import type { Tenant } from '@mnv/client';
import type { PostgresServer } from '@mnv/testing';
import { renewCertificates } from '../authority/renew-certificates.ts';
import { prepareDatabases } from '../bootstrap/databases.ts';
import { registerSamples } from '../bootstrap/registers.ts';
import { ensurePrivateDirectory, writePrivateFile } from '../files/private-file.ts';
import type { Say } from '../supervisor/keep-running.ts';
import { postgresProgram } from '../supervisor/postgres-program.ts';
import { type PortName, type Ports, requireFreePorts } from '../supervisor/ports.ts';
import { acquireRunLock, type RunLock } from '../supervisor/run-lock.ts';
import { supervise, type Supervision } from '../supervisor/supervise.ts';
import { clientFor } from './client-for.ts';
import type { Detours } from './detours.ts';
import { describeEndpoints, type Endpoints } from './endpoints.ts';
import { type Installation, install } from './installation.ts';
import { identityProgram, witnessProgram } from './outside-programs.ts';
import { disposalProgram, proxyProgram, vaultProgram } from './service-programs.ts';

const USED_PORTS: readonly PortName[] = [
  'proxy',
  'vault',
  'disposal',
  'identity',
  'witness',
  'postgres',
];
/** How long the children of a supervisor that was killed may need to notice. */
const ORPHAN_PATIENCE_MS = 12_000;

const SET_BACK_HELP =
  'If the database was put back to an older state, see "The access logs are older" in docs/runbooks/restore.md.';

export type SystemOrder = {
  /** The data directory, an absolute path. */
  data: string;
  ports: Ports;
  say: Say;
  /** 'fast' may lose everything in a crash: for systems that live for one run. */
  durability: 'durable' | 'fast';
  /** Settings of the vault, in place of the usual ones. */
  vaultSettings?: Readonly<Record<string, string>>;
  /** Gives up while starting. A running system is stopped with `stop`. */
  signal: AbortSignal;
  detours?: Detours | undefined;
};

export type LocalSystem = {
  endpoints: Endpoints;
  endpointsFile: string;
  pids(): Record<string, number>;
  /** Stops everything in order and leaves no process, no endpoints file and no lock. */
  stop(): Promise<void>;
  /** Where the database cluster really lives; it may be outside of the data directory. */
  clusterDirectory: string;
  installation: Installation;
};

/** What has been started so far, to be ended in the opposite order. */
function createUndo() {
  const steps: (() => Promise<void> | void)[] = [];
  let undone: Promise<void> | undefined;
  const undo = async () => {
    for (const step of steps.toReversed()) await step();
  };
  return {
    later: (step: () => Promise<void> | void) => void steps.push(step),
    undo: () => (undone ??= undo()),
  };
}

async function startDatabases(
  installation: Installation,
  { say, signal, durability }: SystemOrder,
): Promise<{ supervision: Supervision; server: PostgresServer }> {
  const { layout, ports, databases } = installation;
  let server: PostgresServer | undefined;
  const program = postgresProgram({
    directory: layout.postgres,
    port: ports.postgres,
    superPassword: databases.adminPassword,
    durability,
    started: (one) => {
      server = one;
    },
  });
  const supervision = await supervise([[program]], { say, signal });
  if (server === undefined) throw new Error('PostgreSQL did not say where it is');
  return { supervision, server };
}

/** The sample tenants and people, through the proxy as the administrator. */
async function registerThrough(
  endpoints: Endpoints,
  installation: Installation,
): Promise<Tenant[]> {
  const order = { person: 'administrator-1', clientId: 'administration', tenant: 'operator' };
  const client = clientFor(endpoints, order);
  try {
    return await registerSamples(client.administration, {
      people: installation.people,
      doneFile: installation.layout.registeredFile,
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'log-unavailable') throw error;
    // Nothing of it can be done, nor `restore status` asked, while the operator's log does not take the entry.
    throw new Error(`${error.message} ${SET_BACK_HELP}`, { cause: error });
  } finally {
    await client.close();
  }
}

type Undo = ReturnType<typeof createUndo>;

async function bringUp(order: SystemOrder, lock: RunLock, undo: Undo): Promise<LocalSystem> {
  const { data, ports, say, signal, detours } = order;
  const patienceMs = lock.recovered === 'stale' ? ORPHAN_PATIENCE_MS : 0;
  if (lock.recovered === 'stale') say('the last run did not end properly; taking over its data');
  await requireFreePorts(ports, { names: USED_PORTS, patienceMs });
  const installation = await install(data, ports);
  rmSync(installation.layout.endpointsFile, { force: true });
  say('files, keys and certificates are ready (development only)');

  const database = await startDatabases(installation, order);
  undo.later(() => database.supervision.stop());
  const applied = await prepareDatabases(installation.databases, ports.postgres);
  say(`PostgreSQL runs on port ${ports.postgres}; ${applied} migrations applied`);

  const services = await supervise(
    [
      [
        identityProgram(installation),
        vaultProgram(installation, { detours, changes: order.vaultSettings }),
        witnessProgram(installation),
      ],
      [proxyProgram(installation, detours), disposalProgram(installation)],
    ],
    { say, signal },
  );
  undo.later(() => services.stop());
  say(
    `identity provider, witness, vault, access proxy and disposal run on ports ${ports.identity}, ${ports.witness}, ${ports.vault}, ${ports.proxy}, ${ports.disposal}`,
  );

  const startedAt = new Date().toISOString();
  const tenants = await registerThrough(
    describeEndpoints(installation, { startedAt, tenants: [] }),
    installation,
  );
  undo.later(renewing(installation, say));
  const endpoints = describeEndpoints(installation, { startedAt, tenants });
  const { endpointsFile } = installation.layout;
  writePrivateFile(endpointsFile, `${JSON.stringify(endpoints, null, 2)}\n`);
  undo.later(() => rmSync(endpointsFile, { force: true }));
  return {
    endpoints,
    endpointsFile,
    pids: () => ({ ...database.supervision.pids(), ...services.pids() }),
    stop: undo.undo,
    clusterDirectory: database.server.directory,
    installation,
  };
}

function renewing({ authority, layout, parties }: Installation, say: Say): () => void {
  return renewCertificates(authority, {
    directory: layout.tls,
    parties,
    renewed: (name) => say(`the certificate of ${name} was renewed`),
  });
}

/**
 * Starts a whole local system on a data directory: files, PostgreSQL, identity provider, vault, access
 * proxy, sample tenants. When anything fails, what was started is stopped again before the error comes.
 * @throws AlreadyRunningError when a system already works on this data
 */
export async function startSystem(order: SystemOrder): Promise<LocalSystem> {
  ensurePrivateDirectory(order.data);
  const lock = acquireRunLock(order.data);
  const undo = createUndo();
  undo.later(() => lock.release());
  try {
    return await bringUp(order, lock, undo);
  } catch (error) {
    await undo.undo();
    throw error;
  }
}
