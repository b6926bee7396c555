import { resolve } from 'node:path';
import { TransparencyLogError } from '@mnv/transparency-log';
import type { Command } from '../command.ts';
import { CommandError, textOf } from '../command.ts';
import { readTrustPolicy } from '../trust-policy.ts';
import { URL_FILE_OPTION, ownerUrl } from './owner-url.ts';
import { restoreControlLog } from './restore-control-log.ts';

/** The other half: what the vault did since, as the world has seen it. */
export const RESTORE_LOG: Command = {
  name: 'restore control-log',
  summary:
    'Bring the control log in the vault’s database up to a copy of it. Stop the vault first.',
  details:
    'The copy is verified first. Take the longest: a log shorter than what a witness cosigned cannot be continued.',
  positionals: ['DIR'],
  options: {
    ...URL_FILE_OPTION,
    policy: { type: 'string', value: 'FILE', help: 'The trust policy.', required: true },
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  run: async ({ values, positionals: [name = ''] }, surroundings) => {
    const { workingDirectory } = surroundings;
    const policy = await readTrustPolicy(resolve(workingDirectory, textOf(values, 'policy')));
    const dsn = await ownerUrl(values, surroundings);
    const directory = resolve(workingDirectory, name);
    const restored = await restoreControlLog({ dsn, directory, policy }).catch((error: unknown) => {
      if (error instanceof TransparencyLogError)
        throw new CommandError(`Nothing was restored: ${error.message}.`);
      throw error;
    });
    const { size, added, removed } = restored;
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify(restored)}\n`
        : `統制ログ / control log: 件数 / entries ${size}, 追加 / added ${added}, 除去 / removed ${removed}\n`,
    );
    return 0;
  },
};
