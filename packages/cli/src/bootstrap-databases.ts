import pg from 'pg';
import { scramVerifier } from './scram-verifier.ts';

/** One database per trust domain; no SQL crosses them. */
export type DatabaseName = 'vault' | 'access' | 'disposal' | 'console';

/**
 * Roles beside those two that log in to one database: the archiver of the access logs alone may take away what
 * it has archived and read back.
 */
const FURTHER_ROLES: Readonly<Partial<Record<DatabaseName, readonly string[]>>> = {
  access: ['access_archiver'],
};

/** Every role of a database: its owner, who runs migrations; its service; and what else works on it. */
export function rolesOf(database: DatabaseName): string[] {
  return [`${database}_migrate`, ...workersOf(database)];
}

function workersOf(database: DatabaseName): string[] {
  return [`${database}_service`, ...(FURTHER_ROLES[database] ?? [])];
}

/** Passwords by role name: those of {@link rolesOf} every database asked for. */
export type RolePasswords = Readonly<Record<string, string>>;

/**
 * What a service's session may cost at most. A role can lower its own guards, so these stop accidents, not
 * attackers. `search_path` is one schema (temporary objects last): a name is never taken from elsewhere.
 */
const SERVICE_SETTINGS = {
  statement_timeout: `'15s'`,
  lock_timeout: `'2s'`,
  idle_in_transaction_session_timeout: `'10s'`,
} as const;

const MIGRATE_SETTINGS = {
  lock_timeout: `'10s'`,
  idle_in_transaction_session_timeout: `'60s'`,
} as const;

const NO_POWERS = 'login nosuperuser nobypassrls nocreaterole nocreatedb noreplication';

/**
 * Makes databases and their roles, or brings existing ones to the same state. `adminDsn` is a role that
 * may create roles and databases; it is needed for nothing else, ever.
 */
export async function createDatabases(order: {
  readonly adminDsn: string;
  readonly databases: readonly DatabaseName[];
  readonly passwords: RolePasswords;
}): Promise<void> {
  const admin = new pg.Client({ connectionString: order.adminDsn, application_name: 'bootstrap' });
  await admin.connect();
  try {
    for (const database of order.databases) {
      await createRoles(admin, database, order.passwords);
      if (!(await databaseExists(admin, database))) {
        await admin.query(
          `create database ${database} owner ${database}_migrate template template0`,
        );
      }
      await closeDatabase(admin, { name: database, kind: database });
    }
  } finally {
    await admin.end();
  }
}

/** The owner, who runs migrations, and those who work on it and own nothing. Cluster-wide. */
export async function createRoles(
  admin: pg.ClientBase,
  database: DatabaseName,
  passwords: RolePasswords,
): Promise<void> {
  for (const role of rolesOf(database)) await createRole(admin, role, passwords);
  const search_path = `${database}, pg_temp`;
  await configureRole(admin, `${database}_migrate`, { search_path, ...MIGRATE_SETTINGS });
  for (const role of workersOf(database))
    await configureRole(admin, role, { search_path, ...SERVICE_SETTINGS });
}

async function createRole(admin: pg.ClientBase, role: string, passwords: RolePasswords) {
  const password = passwords[role];
  if (password === undefined) throw new Error(`no password is given for the role ${role}`);
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await admin.query(`${verb} role ${role} ${NO_POWERS} password '${scramVerifier(password)}'`);
}

async function configureRole(
  admin: pg.ClientBase,
  role: string,
  settings: Readonly<Record<string, string>>,
) {
  for (const [name, value] of Object.entries(settings)) {
    await admin.query(`alter role ${role} set ${name} to ${value}`);
  }
}

async function databaseExists(admin: pg.ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
  return rowCount !== 0;
}

/**
 * Only the roles of its kind may connect, and nobody but the owner may create in it or use temporary
 * tables. A clone of a database does not inherit these, so every clone is closed as well.
 */
export async function closeDatabase(
  admin: pg.ClientBase,
  database: { readonly name: string; readonly kind: DatabaseName },
): Promise<void> {
  const { name, kind } = database;
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`grant connect on database ${name} to ${workersOf(kind).join(', ')}`);
}
