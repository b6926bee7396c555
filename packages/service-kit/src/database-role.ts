import type { Pool } from 'pg';
import { StartupError } from './startup-error.ts';

export type ExpectedDatabase = {
  /** Name of the setting that holds the connection string, for errors. */
  setting: string;
  role: string;
  /** The oldest schema the service can work on. */
  schemaVersion: number;
  /** Tables whose rows belong to tenants: row security is on and forced. */
  tenantTables: readonly string[];
  profile: 'development' | 'production';
};

type Found = {
  role: string;
  itself: boolean;
  superuser: boolean;
  bypassrls: boolean;
  createrole: boolean;
  createdb: boolean;
  replication: boolean;
  owns: string;
  unforced: string;
  fsync: string;
  full_page_writes: string;
  synchronous_commit: string;
};

/**
 * Of the role that logged in and of every role it could become: powers are asked for over all of them. The
 * settings are those of this session, which may be weaker than the server's.
 */
const FACTS = `select session_user as role, session_user = current_user as itself,
    bool_or(rolsuper) as superuser, bool_or(rolbypassrls) as bypassrls, bool_or(rolcreaterole) as createrole,
    bool_or(rolcreatedb) as createdb, bool_or(rolreplication) as replication,
    (select count(*) from pg_class where pg_has_role(session_user, relowner, 'member')
      and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)) as owns,
    (select count(*) from unnest($1::text[]) as wanted(name) left join pg_class on oid = to_regclass(name)
      where not coalesce(relrowsecurity and relforcerowsecurity, false)) as unforced,
    current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit
  from pg_roles where pg_has_role(session_user, oid, 'member')`;
const DURABLE_COMMITS = new Set(['on', 'remote_apply']);

/**
 * Asserts that the role can do no more than its work and that the database keeps what it confirms. Run it at
 * start, and again every minute. Throws StartupError.
 */
export async function assertDatabaseRole(pool: Pool, expected: ExpectedDatabase): Promise<void> {
  const { rows } = await pool.query<Found>(FACTS, [expected.tenantTables]);
  const [found] = rows;
  if (found === undefined)
    throw new StartupError([expected.setting], 'the role is not known to the database');
  const faults = [...roleFaults(found, expected), ...durabilityFaults(found, expected)];
  if (faults.length > 0) throw new StartupError([expected.setting], faults.join('; '));
  await assertSchemaVersion(pool, expected);
}

function roleFaults(found: Found, { role }: ExpectedDatabase): string[] {
  const faults: [boolean, string][] = [
    [found.role !== role || !found.itself, 'the role is not the one of this service'],
    [found.superuser, 'the role is a superuser'],
    [found.bypassrls, 'the role bypasses row security'],
    [found.createrole, 'the role may create roles'],
    [found.createdb, 'the role may create databases'],
    [found.replication, 'the role may replicate'],
    [Number(found.owns) > 0, 'the role owns tables and could change them'],
    [Number(found.unforced) > 0, 'a table of tenants lacks forced row security'],
  ];
  return faults.flatMap(([present, text]) => (present ? [text] : []));
}

/** The development profile may trade durability for speed; nobody's numbers are in it. */
function durabilityFaults(found: Found, { profile }: ExpectedDatabase): string[] {
  if (profile === 'development') return [];
  const faults: [boolean, string][] = [
    [found.fsync !== 'on', 'fsync is off'],
    [found.full_page_writes !== 'on', 'full_page_writes is off'],
    [
      !DURABLE_COMMITS.has(found.synchronous_commit),
      'synchronous_commit is neither on nor remote_apply',
    ],
  ];
  return faults.flatMap(([present, text]) => (present ? [text] : []));
}

async function assertSchemaVersion(
  pool: Pool,
  { setting, schemaVersion }: ExpectedDatabase,
): Promise<void> {
  const { rows } = await pool.query<{ version: number | null }>(
    'select max(version) as version from schema_version',
  );
  // A newer schema still serves the release before it: migrations go first, instances follow.
  if ((rows[0]?.version ?? 0) >= schemaVersion) return;
  throw new StartupError(
    [setting],
    `the schema is older than version ${schemaVersion}; run the migrations`,
  );
}
