/** 'durable' keeps every commit over a crash; 'fast' may lose all of it, for clusters that live for one test run. */
export type Durability = 'durable' | 'fast';

/**
 * A query parameter may hold an Individual Number, so the server's log never repeats what it was given:
 * no statements, no parameters, no DETAIL lines (a violated unique key is quoted there).
 */
const QUIET = {
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_error_statement: 'panic',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_statement: 'none',
  debug_print_parse: 'off',
  debug_print_rewritten: 'off',
  debug_print_plan: 'off',
  track_activity_query_size: '100',
} as const;

const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
} as const;

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

/** The settings every embedded server starts with. */
export function serverSettings(durability: Durability): Readonly<Record<string, string>> {
  return {
    listen_addresses: '127.0.0.1',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    ...QUIET,
    ...(durability === 'fast' ? FAST : DURABLE),
  };
}
