/** What a program's run needs of its surroundings; `main.ts` gives the real ones. */
export type Surroundings = {
  /** Where the user stands: relative file names are meant from here. */
  workingDirectory: string;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether `err` is a terminal, where a line may be written over. */
  errIsTerminal: boolean;
  now: () => number;
  /** From the environment, because it holds a password. */
  migrateDatabaseUrl?: string | undefined;
};

export type OptionSpec = {
  type: 'string' | 'boolean';
  help: string;
  /** How the value is shown in help, e.g. `FILE`. */
  value?: string;
  required?: true;
};

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** 0 done · 1 failed or refused · 2 wrong usage · 3 done, but something was left out (see the output). */
export type ExitCode = 0 | 1 | 2 | 3;

/** One command of the program. Positionals are fixed in number, in the order of `positionals`. */
export type Command = {
  /** One or two words. */
  name: string;
  summary: string;
  /** More for the command's own help. */
  details?: string;
  positionals?: readonly string[];
  options: Readonly<Record<string, OptionSpec>>;
  run: (
    args: { values: Values; positionals: readonly string[] },
    surroundings: Surroundings,
  ) => Promise<ExitCode>;
};

/** The command line was not understood; the message says what to write. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A failure the user can mend; the message is one clear sentence, shown as it is. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The text of an option that its spec calls required, or has just been checked. */
export function textOf(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string') throw new UsageError(`--${name} needs a value.`);
  return value;
}

/** The text of an option, if it was given. */
export function optionalText(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
