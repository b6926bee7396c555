import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peopleFrom } from '../demo/people-count.ts';
import { DEFAULT_PORT_BASE, type Ports, portsFrom } from '../supervisor/ports.ts';

/** `.data` of the checkout, wherever it was started from. */
export const DEFAULT_DATA = resolve(import.meta.dirname, '../../../../.data');

export type StartOptions = {
  data: string;
  ports: Ports;
  /** Run the main job although it ran before. */
  demo: boolean;
  people: number;
  help: boolean;
};

export const START_HELP = `npm start [-- OPTIONS]

Starts the whole system on this machine, for development: PostgreSQL, identity provider, witness,
vault, access proxy, disposal, sample tenants. On new data it runs the main job once, to be watched.

  --data DIR      where everything is kept (default: .data in the project)
  --port-base N   first of seven ports (default ${DEFAULT_PORT_BASE})
  --demo          run the main job again
  --people N      size of the company of that run (default 1000)
`;

/** @throws when an option is not known or not fit */
export function readStartOptions(args: readonly string[], from: string): StartOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      data: { type: 'string' },
      'port-base': { type: 'string', default: String(DEFAULT_PORT_BASE) },
      demo: { type: 'boolean', default: false },
      people: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    data: values.data === undefined ? DEFAULT_DATA : resolve(from, values.data),
    ports: portsFrom(Number(values['port-base'])),
    demo: values.demo,
    people: peopleFrom(values.people),
    help: values.help,
  };
}
