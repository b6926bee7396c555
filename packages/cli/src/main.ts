import { COMMANDS } from './commands.ts';
import { runProgram } from './run-program.ts';

const { INIT_CWD, MIGRATE_DATABASE_URL: migrateDatabaseUrl } = process.env;

// A reader that has seen enough (`| head`) closes the pipe: that is an end, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2), COMMANDS, {
  // npm changes into the project before it starts this; the caller's files are meant from where they stand.
  workingDirectory: INIT_CWD ?? process.cwd(),
  migrateDatabaseUrl,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY === true,
  now: Date.now,
});
