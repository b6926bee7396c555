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
  'Cannot use a pool after calling end on the pool',
]);

/** The refusal an error of the database is to the caller, or undefined when it is a fault of ours. */
export function databaseRefusal(error: unknown): Refusal | undefined {
  return isUnavailable(error)
    ? new Refusal('database-unavailable', 'The database did not answer as it must. Try again.')
    : undefined;
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof IndeterminateError) return true;
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return UNAVAILABLE_MESSAGES.has(error.message);
  return UNAVAILABLE_CODES.has(code) || UNAVAILABLE_CLASS.test(code);
}
