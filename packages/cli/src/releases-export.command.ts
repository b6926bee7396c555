import { resolve } from 'node:path';
import { CommandError, textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from './connection-options.ts';
import { writeReleasesFile } from './releases-file.ts';

/** The vault's own memory of what left it, from another hand than the log it is compared with. */
export const RELEASES_EXPORT: Command = {
  name: 'releases export',
  summary: 'Copy what the vault remembers of its releases into a file, for verify log.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    to: { type: 'string', value: 'FILE', help: 'The file.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const file = resolve(surroundings.workingDirectory, textOf(values, 'to'));
    const tenant = textOf(values, 'tenant');
    const options = { values, tenant, scopes: ['log:read'] as const, surroundings };
    const count = await withClient(options, async (client) => {
      // Before the releases: what the log calls delivered by now must be among them.
      const checkpoint = await client.readLog('checkpoint');
      if (checkpoint === undefined) throw new CommandError('The tenant has no log yet.');
      const head = { tenantId: tenant, checkpoint: Buffer.from(checkpoint).toString('utf8') };
      return writeReleasesFile(file, head, client.readReleases());
    });
    surroundings.out(`開示控え / releases ${count}: ${file}\n`);
    return 0;
  },
};
