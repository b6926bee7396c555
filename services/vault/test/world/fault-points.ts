import type { RootProvider } from '@mnv/erasure-tree';
import type { Pool, PoolClient } from 'pg';
import { replacing } from './replacing.ts';

/** The two ways a step that leaves something behind goes wrong for whoever took it. */
export const VARIANTS = ['failed', 'failed, but persisted'] as const;
export type Variant = (typeof VARIANTS)[number];

/**
 * What becomes of the process at its step. `lives`: the step alone fails. `dies`: nothing works any more.
 * `stalls`: it stands still, and takes up the step where it was when it is let go.
 */
export type Fate = 'lives' | 'dies' | 'stalls';

/** Which step goes wrong: the n-th that leaves something behind, or the first of a name. */
export type Fault = { at: number | RegExp; variant: Variant; fate: Fate };

type Query = (...args: unknown[]) => Promise<unknown>;

const WRITES = /^\s*(?:insert|update|delete|with)\b/i;
const BEGINS = /^(?:begin|start)\b/;
const ENDS = /^(?:commit|rollback)$/;
const NAME_LENGTH = 80;

/**
 * Counts the steps that leave something behind (commits, single statements, calls of the root's custodian), and
 * lets one of them go wrong. Until one is ordered all works.
 */
export class FaultPoints {
  #fault: Fault | undefined;
  #count = 0;
  #isDead = false;
  #struck = Promise.withResolvers<void>();
  #letGo = Promise.withResolvers<void>();
  readonly #sessions = new Set<number>();
  /** The step that went wrong, for who reads a failing test. */
  struck: string | undefined;

  /** From now on steps count. */
  order(fault: Fault): void {
    this.#fault = fault;
    this.#count = 0;
    this.struck = undefined;
    this.#struck = Promise.withResolvers();
    this.#letGo = Promise.withResolvers();
  }

  /** Resolves when the step went wrong. */
  get strikes(): Promise<void> {
    return this.#struck.promise;
  }

  /** A process that stalls goes on; nothing else goes wrong. */
  letGo(): void {
    this.#fault = undefined;
    this.#letGo.resolve();
  }

  /** The database sessions it ever had: they end with a process that dies, or that is silent for long. */
  sessions(): number[] {
    return [...this.#sessions];
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) throw died();
    if (!this.#isDue(name)) return work();
    const { variant, fate } = this.#fault as Fault;
    this.#fault = undefined;
    this.struck = name;
    this.#isDead = fate === 'dies';
    const isDone = variant === 'failed, but persisted';
    const done = isDone ? await work() : undefined;
    this.#struck.resolve();
    if (fate !== 'stalls') throw died();
    await this.#letGo.promise;
    return isDone ? (done as T) : work();
  }

  #isDue(name: string): boolean {
    if (!this.#fault) return false;
    this.#count += 1;
    const { at } = this.#fault;
    return typeof at === 'number' ? at === this.#count : at.test(name);
  }

  root(root: RootProvider): RootProvider {
    return {
      ...root,
      create: (label) => this.step('root create', () => root.create(label)),
      seal: (...args) => this.step('root seal', () => root.seal(...args)),
      disable: (ref) => this.step('root disable', () => root.disable(ref)),
      scheduleDestroy: (...args) => this.step('root destroy', () => root.scheduleDestroy(...args)),
    };
  }

  pool(pool: Pool): Pool {
    const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
    const faulty = async () => {
      if (this.#isDead) throw died();
      return this.#client(await connect());
    };
    return replacing(pool, 'connect', faulty);
  }

  #client(client: PoolClient): PoolClient {
    this.#sessions.add((client as PoolClient & { processID: number }).processID);
    const leavesSomething = watchTransaction();
    const query = client.query.bind(client) as unknown as Query;
    const faulty: Query = async (...args) => {
      const text = textOf(args[0]);
      if (this.#isDead && text !== 'rollback') throw died();
      if (!leavesSomething(text)) return query(...args);
      return this.step(nameOf(text), () => query(...args));
    };
    return replacing(client, 'query', faulty);
  }
}

/** Told every statement of a session: whether it leaves something behind, at once or with its transaction. */
function watchTransaction(): (text: string) => boolean {
  let isOpen = false;
  let wrote = false;
  return (text) => {
    const writes = WRITES.test(text);
    const leaves = text === 'commit' ? wrote : writes && !isOpen;
    if (BEGINS.test(text)) isOpen = true;
    if (ENDS.test(text)) isOpen = false;
    wrote = isOpen && (wrote || writes);
    return leaves;
  };
}

function nameOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, NAME_LENGTH);
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: unknown }).text);
}

function died(): Error {
  return Object.assign(new Error('the process died here'), { code: 'ECONNRESET' });
}
