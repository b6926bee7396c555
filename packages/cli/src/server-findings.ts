import type pg from 'pg';

/** What differs from what the databases need. `found` and `needed` are settings, never data. */
export interface ServerFinding {
  readonly setting: string;
  readonly found: string;
  readonly needed: string;
}

const OLDEST_VERSION = 150_000;

/** A lost or repeated page would lose or falsify what was answered. */
const DURABLE = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
  data_sync_retry: ['off'],
  data_checksums: ['on'],
} as const;

/** A parameter may be an Individual Number, and the log is read by people who may not see one. */
const QUIET = {
  log_statement: ['none', 'ddl'],
  log_min_duration_statement: ['-1'],
  log_min_duration_sample: ['-1'],
  log_transaction_sample_rate: ['0'],
  log_error_verbosity: ['terse'],
  log_parameter_max_length: ['0'],
  log_parameter_max_length_on_error: ['0'],
  log_min_error_statement: ['panic', 'fatal', 'log'],
  password_encryption: ['scram-sha-256'],
} as const;

/**
 * Compares a running server with infra/postgresql/mynumber-vault.conf, whoever runs it. Empty is fit for use.
 * Sees the settings of the session asked in, so ask as the role concerned: a role can have its own.
 */
export async function serverFindings(client: pg.ClientBase): Promise<readonly ServerFinding[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings',
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const version = settings.get('server_version_num') ?? '0';
  const old: ServerFinding = { setting: 'server_version_num', found: version, needed: '150000' };
  return [
    ...(Number(version) < OLDEST_VERSION ? [old] : []),
    ...Object.entries({ ...DURABLE, ...QUIET }).flatMap(([setting, allowed]) =>
      differing(setting, settings.get(setting) ?? 'not there', allowed),
    ),
  ];
}

function differing(setting: string, found: string, allowed: readonly string[]): ServerFinding[] {
  return allowed.includes(found) ? [] : [{ setting, found, needed: allowed.join(' or ') }];
}
