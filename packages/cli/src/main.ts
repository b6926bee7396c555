import { COMMANDS } from './commands.ts';
import { runProgram } from './run-program.ts';

const { CALLERS_DIRECTORY, INIT_CWD, MIGRATE_DATABASE_URL: migrateDatabaseUrl } = process.env;

// A reader that has seen enough (`| head`) closes the pipe: that is an end, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2), COMMANDS, {
  // npm, and pnpm once more, change into the project before they start this; the caller's files are meant from
  // where they stand. Only the first of the two knows that, and says so to the second.
  workingDirectory: CALLERS_DIRECTORY ?? INIT_CWD ?? process.cwd(),
  migrateDatabaseUrl,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  now: Date.now,
});
