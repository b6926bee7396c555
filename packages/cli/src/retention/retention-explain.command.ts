import { textOf } from '../command.ts';
import type { Command, ExitCode } from '../command.ts';
import { explainRetention } from './retention-explain.ts';

/** Needs no service and no data: the law tables are in the program. */
export const RETENTION_EXPLAIN: Command = {
  name: 'retention explain',
  summary: 'Work out a statutory retention period, step by step, with its citation.',
  options: {
    rule: { type: 'string', value: 'RULE', help: 'For example R-TAX7.', required: true },
    event: {
      type: 'string',
      value: 'YYYY-MM-DD',
      help: 'The day that starts the clock.',
      required: true,
    },
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  run: ({ values }, { out, err }) => {
    const json = values['json'] === true ? ['--json'] : [];
    const asked = [
      `--rule=${textOf(values, 'rule')}`,
      `--event=${textOf(values, 'event')}`,
      ...json,
    ];
    const { exitCode, stdout, stderr } = explainRetention(asked);
    out(stdout);
    err(stderr);
    return Promise.resolve(exitCode as ExitCode);
  },
};
