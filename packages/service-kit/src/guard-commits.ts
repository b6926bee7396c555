import type { Pool, PoolClient, QueryResult } from 'pg';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { IndeterminateError, certainly, isServerError } from './database-errors.ts';
import { watchSession } from './watch-session.ts';

const ROLLED_BACK = { command: 'ROLLBACK', rowCount: 0, rows: [] };

/**
 * The pool as kysely sees it, with honest commits: COMMIT of an aborted transaction resolves with the tag
 * ROLLBACK, a COMMIT that was not replicated resolves with a WARNING, and one whose answer was lost may have
 * happened. All become IndeterminateError. A session after that, or after any lost answer, is not used again:
 * its end is the rollback, so that none is sent after an answer that never comes.
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
  const run = async (text: string, values: readonly unknown[]) => {
    if (!sound && text === 'rollback') return ROLLED_BACK;
    try {
      return text === 'commit' ? await commit(client) : await client.query(text, [...values]);
    } catch (error) {
      sound = sound && isServerError(error) && text !== 'commit';
      throw error;
    }
  };
  const release = () => client.release(!sound || client.getTransactionStatus() !== 'I');
  return { query: run, release } as unknown as PostgresPoolClient;
}

async function commit(client: PoolClient): Promise<QueryResult> {
  const watch = watchSession(client);
  try {
    const result = await client.query('commit');
    const warning = watch.warning();
    if (warning !== undefined) throw new IndeterminateError(warning);
    if (result.command !== 'COMMIT') throw new IndeterminateError('command tag');
    return result;
  } catch (error) {
    throw certainly(error);
  } finally {
    watch.end();
  }
}
