import type { Pool, PoolClient } from 'pg';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { IndeterminateError } from './database-errors.ts';
import { isServerError, watchSession } from './watch-session.ts';

/**
 * The pool as kysely sees it, with honest commits: COMMIT of an aborted transaction resolves with the tag
 * ROLLBACK, and a COMMIT that was not replicated resolves with a WARNING. Both become IndeterminateError, and
 * the session is not used again, as is one that lost its answer.
 */
export function guardCommits(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    connect: async () => guardClient(await pool.connect()),
    end: () => pool.end(),
  } as PostgresPool;
}

function guardClient(client: PoolClient): PostgresPoolClient {
  let sound = true;
  const run = async (...query: [string, readonly unknown[]]) => {
    const watch = watchSession(client);
    try {
      const result = await client.query(query[0], [...query[1]]);
      if (isCommit(query[0]) && (result.command !== 'COMMIT' || watch.warning() !== undefined))
        throw new IndeterminateError('commit');
      return result;
    } catch (error) {
      sound = sound && isServerError(error) && !isCommit(query[0]);
      throw error;
    } finally {
      watch.end();
    }
  };
  const release = () => client.release(!sound || client.getTransactionStatus() !== 'I');
  return { query: run, release } as unknown as PostgresPoolClient;
}

const isCommit = (text: string): boolean => text === 'commit';
