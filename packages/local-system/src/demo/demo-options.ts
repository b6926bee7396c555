import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peopleFrom } from './people-count.ts';

export type DemoOptions = { json: boolean; people: number; use: string | undefined; help: boolean };

export const DEMO_HELP = `npm run demo [-- OPTIONS]

Makes a company, stores its numbers, runs December's payroll, tries reads that must be
refused, verifies every receipt and the log, and disposes of the numbers of 20 people who leave. Starts a system of its own and removes it.

  --use FILE   work on the running system that this endpoints.json describes
  --people N   size of the company (default 1000)
  --json       print the result as one JSON line, the last of stdout; all else goes to stderr
`;

/** @throws when an option is not known or not fit */
export function readDemoOptions(args: readonly string[], from: string): DemoOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      json: { type: 'boolean', default: false },
      people: { type: 'string', default: '1000' },
      use: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    json: values.json,
    people: peopleFrom(values.people),
    use: values.use === undefined ? undefined : resolve(from, values.use),
    help: values.help,
  };
}
