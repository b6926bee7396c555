import { parseArgs } from 'node:util';
import { UsageError } from './command.ts';
import type { Command, ExitCode, Surroundings, Values } from './command.ts';
import { describeFailure } from './describe-failure.ts';
import { helpOf, overview, usageOf } from './help.ts';

/** Finds the command, reads its arguments, runs it, and turns any failure into one sentence and an exit code. */
export async function runProgram(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const command = commandOf(args, commands);
  if (command === undefined) return withoutCommand(args, commands, surroundings);
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    surroundings.out(helpOf(command));
    return 0;
  }
  try {
    return await command.run(parsed(command, rest), surroundings);
  } catch (error) {
    surroundings.err(`mynumber: ${describeFailure(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    surroundings.err(`${usageOf(command)}\n`);
    return 2;
  }
}

function commandOf(args: readonly string[], commands: readonly Command[]): Command | undefined {
  const [first = '', second = ''] = args;
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ??
    commands.find(({ name }) => name === first)
  );
}

function withoutCommand(
  args: readonly string[],
  commands: readonly Command[],
  { out, err }: Surroundings,
): ExitCode {
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    out(overview(commands));
    return first === undefined ? 2 : 0;
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0) out(overview(group));
  else err(`mynumber: there is no such command; mynumber --help lists them.\n`);
  return 2;
}

function parsed(
  command: Command,
  args: readonly string[],
): { values: Values; positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type }]) => [name, { type }]),
  );
  const { values, positionals } = parseOrRefuse({ args: [...args], options });
  const wanted = command.positionals ?? [];
  if (positionals.length !== wanted.length) {
    throw new UsageError(`Give ${wanted.length === 0 ? 'options only' : wanted.join(' and ')}.`);
  }
  for (const [name, spec] of Object.entries(command.options)) {
    if (spec.required && values[name] === undefined) throw new UsageError(`--${name} is missing.`);
  }
  return { values, positionals };
}

/** The parser's own messages repeat what was typed, which may hold a number: only its meaning is kept. */
function parseOrRefuse(config: {
  args: string[];
  options: Record<string, { type: 'string' | 'boolean' }>;
}): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ ...config, strict: true, allowPositionals: true });
    return { values: values as Values, positionals };
  } catch {
    throw new UsageError('An option is unknown or lacks its value.');
  }
}
