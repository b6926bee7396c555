import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peopleFrom } from './people-count.ts';

export type DemoOptions = {
  json: boolean;
  people: number;
  use: string | undefined;
  /** Lives a year in a tenant in place of the main job. */
  year: boolean;
  help: boolean;
};

export const DEMO_HELP = `npm run demo [-- OPTIONS]

Makes a company, stores its numbers, runs December's payroll, tries reads that must be
refused, verifies every receipt and the log, and disposes of the numbers of 20 people who leave. Starts a system of its own and removes it.

  --year       live a year in a tenant instead: hires, year-end, leavers, dependants, payees,
               annual disposal, with the legal day advanced month by month (default 200 people)
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
      people: { type: 'string' },
      use: { type: 'string' },
      year: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.year && values.use !== undefined)
    throw new RangeError('--year starts a system of its own: the legal day of another is not set');
  return {
    json: values.json,
    year: values.year,
    people: peopleFrom(values.people ?? (values.year ? '200' : '1000')),
    use: values.use === undefined ? undefined : resolve(from, values.use),
    help: values.help,
  };
}
