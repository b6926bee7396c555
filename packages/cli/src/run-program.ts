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

type ParserOptions = Record<string, { type: 'string' | 'boolean' }>;

/** The parser's own messages repeat what was typed, which may hold a number: only its meaning is kept. */
function parseOrRefuse(config: { args: string[]; options: ParserOptions }): {
  values: Values;
  positionals: string[];
} {
  const args = withValuesJoined(config.args, config.options);
  const open = args.find((arg) => takesValue(arg, config.options));
  if (open !== undefined) throw new UsageError(`${open} needs a value.`);
  try {
    const options = { ...config, args, strict: true, allowPositionals: true };
    const { values, positionals } = parseArgs(options);
    return { values: values as Values, positionals };
  } catch {
    throw new UsageError('An option is unknown, or has a value and takes none.');
  }
}

/**
 * Each value joined to its option. A hash in base64url begins with a hyphen once in 64: it is a value for that,
 * unless it is the name of an option.
 */
function withValuesJoined(args: readonly string[], options: ParserOptions): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? '';
    if (takesValue(before, options) && !isOption(arg, options))
      joined.splice(-1, 1, `${before}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

function takesValue(arg: string, options: ParserOptions): boolean {
  return isOption(arg, options) && options[arg.slice(2)]?.type === 'string';
}

function isOption(arg: string, options: ParserOptions): boolean {
  return arg.startsWith('--') && Object.hasOwn(options, arg.slice(2).split('=')[0] ?? '');
}
