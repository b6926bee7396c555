import type { RootProvider } from '@mnv/erasure-tree';
import type { Pool, PoolClient } from 'pg';
import { replacing } from './replacing.ts';

type Query = (...args: unknown[]) => Promise<unknown>;

/**
 * Holds what the database answered to one statement: it is done, and who asked stands still with it until he is
 * let go. Reads can be held so too, which leave nothing behind. Until one is ordered all goes on.
 */
export class HeldAnswer {
  #statement: RegExp | undefined;
  #held = Promise.withResolvers<void>();
  #letGo = Promise.withResolvers<void>();

  /** The next statement of this text. */
  order(statement: RegExp): void {
    this.#statement = statement;
    this.#held = Promise.withResolvers();
    this.#letGo = Promise.withResolvers();
  }

  /** Resolves when the database has answered. */
  get holds(): Promise<void> {
    return this.#held.promise;
  }

  letGo(): void {
    this.#letGo.resolve();
  }

  root(root: RootProvider): RootProvider {
    return root;
  }

  pool(pool: Pool): Pool {
    const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
    return replacing(pool, 'connect', async () => this.#client(await connect()));
  }

  #client(client: PoolClient): PoolClient {
    const query = client.query.bind(client) as unknown as Query;
    const holding: Query = async (...args) => {
      if (!this.#statement?.test(textOf(args[0]))) return query(...args);
      this.#statement = undefined;
      const answer = await query(...args);
      this.#held.resolve();
      await this.#letGo.promise;
      return answer;
    };
    return replacing(client, 'query', holding);
  }
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: unknown }).text);
}
