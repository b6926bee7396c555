import type { RootProvider } from '@mnv/erasure-tree';
import type { Pool, PoolClient } from 'pg';

/** The two ways a step that leaves something behind goes wrong for whoever took it. */
export const VARIANTS = ['failed', 'failed, but persisted'] as const;
export type Variant = (typeof VARIANTS)[number];

type Query = (...args: unknown[]) => Promise<unknown>;

/** Whether a statement leaves something behind by itself, or with what stood in its transaction. */
const LEAVES_SOMETHING = /^\s*(?:commit|insert|update|with)\b/i;

/**
 * Counts the steps that leave something behind (commits, single statements, calls of the root's custodian), and
 * lets one of them fail. From then on nothing works any more: the process is dead.
 */
export class FaultPoints {
  readonly #at: number;
  readonly #variant: Variant;
  #count = 0;
  /** What failed, for who reads a failing test. */
  failed: string | undefined;

  constructor(at: number, variant: Variant) {
    this.#at = at;
    this.#variant = variant;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.failed !== undefined) throw died();
    this.#count += 1;
    if (this.#count !== this.#at) return work();
    this.failed = name;
    if (this.#variant === 'failed, but persisted') await work();
    throw died();
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
    const faulty = async () => this.#client(await connect());
    return new Proxy(pool, {
      get: (target, name) => {
        if (name === 'connect') return faulty;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }

  #client(client: PoolClient): PoolClient {
    let isOpen = false;
    const query = client.query.bind(client) as unknown as Query;
    const faulty: Query = async (...args) => {
      const text = textOf(args[0]);
      if (this.failed !== undefined && text !== 'rollback') throw died();
      const leaves = LEAVES_SOMETHING.test(text) && (!isOpen || text === 'commit');
      if (text.startsWith('begin') || text.startsWith('start')) isOpen = true;
      if (text === 'commit' || text === 'rollback') isOpen = false;
      return leaves ? this.step(text.slice(0, 60), () => query(...args)) : query(...args);
    };
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'query') return faulty;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: unknown }).text);
}

function died(): Error {
  return Object.assign(new Error('the process died here'), { code: 'ECONNRESET' });
}
