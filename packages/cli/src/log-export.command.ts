import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from './connection-options.ts';
import { exportLog } from './export-log.ts';

/** Hands a tenant its log as plain files, to keep and to verify without us. */
export const LOG_EXPORT: Command = {
  name: 'log export',
  summary:
    'Copy a tenant’s access log into a tlog-tiles directory; again later, it adds what is new.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    to: { type: 'string', value: 'DIR', help: 'The directory.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const directory = resolve(surroundings.workingDirectory, textOf(values, 'to'));
    await mkdir(directory, { recursive: true });
    const tenant = textOf(values, 'tenant');
    const options = { values, tenant, scopes: ['log:read'] as const, surroundings };
    const { size, copied } = await withClient(options, ({ readLog }) =>
      exportLog(readLog, directory),
    );
    surroundings.out(`件数 / entries ${size}, ファイル / files written ${copied}: ${directory}\n`);
    return 0;
  },
};
