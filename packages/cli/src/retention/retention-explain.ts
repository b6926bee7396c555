import { parseArgs } from 'node:util';
import { LawError, explain } from '@mnv/bango-ho';
import type { Explanation } from '@mnv/bango-ho';

/** What a command would print and how it would end; the caller does the printing. */
export type CommandResult = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
};

const USAGE = 'usage: mynumber retention explain --rule R-TAX7 --event YYYY-MM-DD [--json]';
const WRONG_USE = 2;

/**
 * `mynumber retention explain`: works one retention rule out from the day that starts its clock.
 * `argv` is what follows those words. Needs no service and no data. Exit code 2 for wrong use, an
 * unknown rule or a day the law table does not cover; messages never repeat input.
 */
export function explainRetention(argv: readonly string[]): CommandResult {
  const asked = questionOf(argv);
  if (asked === undefined) return refused(USAGE);
  try {
    const explanation = explain(asked.question);
    const text = asked.format === 'json' ? JSON.stringify(explanation) : sheetOf(explanation);
    return { exitCode: 0, stdout: `${text}\n`, stderr: '' };
  } catch (error) {
    if (error instanceof LawError) return refused(`${error.message}\n${USAGE}`);
    throw error;
  }
}

type Asked = { question: { rule: string; event: string }; format: 'json' | 'text' };

function questionOf(argv: readonly string[]): Asked | undefined {
  const values = valuesOf(argv);
  if (values?.rule === undefined || values.event === undefined) return undefined;
  const { rule, event, json } = values;
  return { question: { rule, event }, format: json === true ? 'json' : 'text' };
}

function valuesOf(argv: readonly string[]) {
  const options = {
    rule: { type: 'string' },
    event: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch {
    // parseArgs quotes what it did not understand; that may be anything, so its words are dropped.
    return undefined;
  }
}

function sheetOf(explanation: Explanation): string {
  const { trace, ...facts } = explanation;
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${value ?? '-'}`);
  return [...lines, 'trace:', ...trace.map((step) => `  ${step}`)].join('\n');
}

function refused(message: string): CommandResult {
  return { exitCode: WRONG_USE, stdout: '', stderr: `${message}\n` };
}
