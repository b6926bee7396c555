import { startPostgres } from '../src/embedded-postgres.ts';

// A parent to be killed: starts a server, prints its pid, and lives until then.
const [directory = '', superPassword = ''] = process.argv.slice(2);
const { pid } = await startPostgres({ directory, superPassword, durability: 'fast' });
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 60_000);
