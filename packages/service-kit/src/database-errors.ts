import { Refusal } from '@mnv/core';

/**
 * It is not known whether the statement took effect: a lost answer, a deadline, a warning. Never a success;
 * the caller looks the effect up by its own id, or refuses (the table "What Postgres and Node really do").
 */
export class IndeterminateError extends Error {
  override readonly name = 'IndeterminateError';
  /** The SQLSTATE, when the database named one. */
  readonly code: string;

  constructor(code: string) {
    super('it is not known whether the statement took effect');
    this.code = code;
  }
}

/** SQLSTATE classes and codes of a database that is away or full: connection, resources, shutdown. */
const UNAVAILABLE_CLASS = /^(?:08|53|57P|58)/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '25006', // a standby, after a failover
  '25P03',
  '57014',
]);
/** node-postgres gives these faults no code. */
const UNAVAILABLE_MESSAGES = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout expired',
  'Cannot use a pool after calling end on the pool',
]);

/** The server aborted the transaction: nothing of it happened. 40003 says that the server itself does not know. */
const ABORTED_CLASS = /^(?:21|22|23|40(?!003)|42|44|P0)/;

/** Whether the server said with certainty that the statement, or the COMMIT, had no effect. */
export function wasUndone(error: unknown): boolean {
  return isServerError(error) && ABORTED_CLASS.test(sqlstateOf(error));
}

/** The error as it stands when it is certain that nothing happened, and otherwise an IndeterminateError. */
export function certainly(error: unknown): unknown {
  if (error instanceof IndeterminateError || wasUndone(error)) return error;
  return new IndeterminateError(sqlstateOf(error));
}

/** Errors the server sent carry a severity; faults of the socket and of the driver do not. */
export function isServerError(error: unknown): boolean {
  return typeof (error as { severity?: unknown } | null)?.severity === 'string';
}

function sqlstateOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'connection lost';
}

/** The refusal an error of the database is to the caller, or undefined when it is a fault of ours. */
export function databaseRefusal(error: unknown): Refusal | undefined {
  return isUnavailable(error)
    ? new Refusal('database-unavailable', 'The database did not answer as it must. Try again.')
    : undefined;
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof IndeterminateError) return true;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return UNAVAILABLE_MESSAGES.has(String(message));
  return UNAVAILABLE_CODES.has(code) || UNAVAILABLE_CLASS.test(code);
}
