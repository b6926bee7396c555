import { dirname, join } from 'node:path';
import { serviceDsn } from '../bootstrap/databases.ts';
import type { Say } from '../supervisor/keep-running.ts';
import { type Supervision, supervise } from '../supervisor/supervise.ts';
import type { LocalSystem } from '../system/start-system.ts';
import { startTemporarySystem } from '../system/temporary-system.ts';
import { type BaselineDatabase, createBaselineDatabase } from './baseline-database.ts';
import { type BaselineName, baselinePrograms } from './baseline-programs.ts';
import type { LoadAnswer, LoadJob, LoadTarget, LoadWork } from './load/load-job.ts';
import type { Timed } from './measurement.ts';
import { type Worker, startWorker } from './worker.ts';

const LOAD = new URL('./load/load.ts', import.meta.url).pathname;
const RECORDS_AT_ONCE = 10_000;

type Watch = { say: Say; signal: AbortSignal };

export type Targets = Record<'system' | BaselineName, LoadTarget>;

/** A running system, the baselines beside it, and the load generator: each its own processes. */
export class World {
  readonly system: LocalSystem;
  /** Records that have passed through the system so far. */
  readonly passed = { stored: 0, disclosed: 0 };
  readonly #parts: Parts;
  #copied = 0;

  constructor(system: LocalSystem, parts: Parts) {
    this.system = system;
    this.#parts = parts;
  }

  /** Where the log lies, and where the baselines' tables do. */
  get databases(): { accessDsn: string; passwordFile: string; baselineDsn: string } {
    const { port, adminPasswordFile } = this.system.endpoints.postgres;
    return {
      accessDsn: serviceDsn('access', port),
      passwordFile: join(dirname(adminPasswordFile), 'access-service.pgpass'),
      baselineDsn: this.#parts.database.dsn,
    };
  }

  /** Has the load generator do a piece of work with so many items, and answers how it went. */
  async run(who: keyof Targets, work: LoadWork, items: number): Promise<Timed> {
    const target = this.#parts.targets[who];
    const answer = await this.#parts.load.ask({ target, work, items });
    if (!('timed' in answer)) throw new Error('the load generator answered another question');
    if (who === 'system') this.passed[work.kind === 'import' ? 'stored' : 'disclosed'] += items;
    return answer.timed;
  }

  /** Stores records until the system holds at least this many. */
  async ensureRecords(count: number): Promise<void> {
    while (this.passed.stored < count) {
      const items = Math.min(RECORDS_AT_ONCE, count - this.passed.stored);
      await this.run('system', { kind: 'import' }, items);
    }
  }

  /** Gives every record of the system a row of the same id in the tables of the baselines. */
  async copyRecords(): Promise<void> {
    const answer = await this.#parts.load.ask('record-ids');
    const fresh = 'recordIds' in answer ? answer.recordIds.slice(this.#copied) : [];
    if (fresh.length > 0) await this.#parts.database.addRecords(fresh);
    this.#copied += fresh.length;
  }

  async stop(): Promise<void> {
    const { load, baselines, database } = this.#parts;
    await load.stop();
    await baselines.stop();
    await database.close();
    await this.system.stop();
  }
}

type Parts = {
  targets: Targets;
  load: Worker<LoadJob, LoadAnswer>;
  baselines: Supervision;
  database: BaselineDatabase;
};

export async function createWorld(watch: Watch): Promise<World> {
  const system = await startTemporarySystem(watch);
  try {
    return new World(system, await startParts(system, watch));
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function startParts({ endpoints, endpointsFile }: LocalSystem, watch: Watch): Promise<Parts> {
  const database = await createBaselineDatabase(endpoints);
  const { origins, programs } = await baselinePrograms({ endpoints, database });
  const waves = programs.map((one) => [one]);
  return {
    database,
    baselines: await supervise(waves, watch),
    load: startWorker<LoadJob, LoadAnswer>(LOAD, [endpointsFile]),
    targets: {
      system: { origin: endpoints.services.proxy, signed: true },
      twoHop: { origin: origins.twoHop, signed: false },
      pgp: { origin: origins.pgp, signed: false },
      raw: { origin: origins.raw, signed: false },
    },
  };
}
