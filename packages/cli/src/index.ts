export { closeDatabase, createDatabases, createRoles } from './bootstrap-databases.ts';
export type { DatabaseName, RolePasswords } from './bootstrap-databases.ts';
export { migrate } from './migrate.ts';
export type { AppliedMigration } from './migrate.ts';
export { migrationFiles } from './migration-files.ts';
export type { Migration } from './migration-files.ts';
export { serverFindings } from './server-findings.ts';
export type { ServerFinding } from './server-findings.ts';
