import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { IndeterminateError, certainly, wasUndone } from './database-errors.ts';
import { watchSession } from './watch-session.ts';

/** One statement in its own transaction. `name` makes it a prepared statement. */
export type DurableStatement = { name: string; text: string; values: unknown[] };
export type DurablePool = Pick<Pool, 'connect'>;

const IDLE = 'I';

/**
 * Runs one statement whose effect must be durable when this returns. Errors by which the server surely undid
 * it (constraints, syntax, serialization) come through. Everything else is an IndeterminateError and the end
 * of the connection: a warning, another command tag than the statement's, a transaction left open, a lost
 * answer, or no answer within `deadlineMs` (monotonic, and including the wait for a connection). An error of
 * connecting comes through as it is: nothing was sent.
 */
export async function durably<Row extends QueryResultRow>(
  pool: DurablePool,
  statement: DurableStatement,
  deadlineMs: number,
): Promise<QueryResult<Row>> {
  const deadline = performance.now() + deadlineMs;
  const client = await connectBefore(pool, deadline);
  const watch = watchSession(client);
  let sound = false;
  try {
    const result = await before(deadline, client.query<Row>(statement));
    requireDurable(client, {
      warning: watch.warning(),
      command: result.command,
      text: statement.text,
      deadline,
    });
    sound = true;
    return result;
  } catch (error) {
    sound = wasUndone(error) && client.getTransactionStatus() === IDLE;
    throw certainly(error);
  } finally {
    watch.end();
    client.release(!sound);
  }
}

type Outcome = { warning: string | undefined; command: string; text: string; deadline: number };

function requireDurable(client: PoolClient, { warning, command, text, deadline }: Outcome): void {
  if (warning !== undefined) throw new IndeterminateError(warning);
  if (performance.now() > deadline) throw new IndeterminateError('deadline');
  if (client.getTransactionStatus() !== IDLE) throw new IndeterminateError('transaction open');
  const [verb = ''] = text.trimStart().split(/\s/, 1);
  if (verb.toUpperCase() !== command) throw new IndeterminateError('command tag');
}

/** Waits for a connection. Whoever comes too late goes back to the pool unused: nothing was sent. */
async function connectBefore(pool: DurablePool, deadline: number): Promise<PoolClient> {
  const connecting = pool.connect();
  try {
    return await before(deadline, connecting);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

async function before<T>(deadline: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const wait = Math.max(0, deadline - performance.now());
  const timer = setTimeout(() => late.reject(new IndeterminateError('deadline')), wait);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // it may still fail after we stopped listening
  }
}
