import type { Command, OptionSpec } from './command.ts';

const PROGRAM = 'mynumber';

/** The list of commands, one a line. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    `Usage: ${PROGRAM} COMMAND [OPTIONS]     (${PROGRAM} COMMAND --help explains one)`,
    '',
    ...lines,
    '',
    'Exit codes: 0 done · 1 failed or refused · 2 wrong usage · 3 done, but something was left out',
    '',
  ].join('\n');
}

/** One command: its line, and every option with its meaning. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, spec]) => [
    `--${name}${spec.value ? ` ${spec.value}` : ''}`,
    `${spec.help}${spec.required ? ' (required)' : ''}`,
  ]);
  const width = Math.max(6, ...options.map(([left = '']) => left.length));
  return [
    usageOf(command),
    '',
    command.summary,
    ...(command.details ? [command.details] : []),
    '',
    ...options.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    `  ${'--help'.padEnd(width)}  Show this.`,
    '',
  ].join('\n');
}

/** `Usage: mynumber import FILE --tenant TENANT [OPTIONS]`. */
export function usageOf(command: Command): string {
  const required = Object.entries(command.options)
    .filter(([, spec]) => spec.required)
    .map(([name, spec]: [string, OptionSpec]) => `--${name} ${spec.value ?? 'VALUE'}`);
  const words = [PROGRAM, command.name, ...(command.positionals ?? []), ...required, '[OPTIONS]'];
  return `Usage: ${words.join(' ')}`;
}
