import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OPERATOR_TENANT } from '@mnv/core';
import { UsageError, optionalText, textOf } from './command.ts';
import type { Command, Values } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from './connection-options.ts';
import { exportLog } from './export-log.ts';

/** Hands a tenant its log as plain files, to keep and to verify without us. */
export const LOG_EXPORT: Command = {
  name: 'log export',
  summary: 'Copy a log into a tlog-tiles directory; again later, it adds what is new.',
  options: {
    ...PERSON_OPTIONS,
    tenant: { type: 'string', value: TENANT_OPTION.value, help: TENANT_OPTION.help },
    control: {
      type: 'boolean',
      help: 'The vault’s control log, instead of a tenant’s access log.',
    },
    witnessed: {
      type: 'boolean',
      help: 'Up to the newest checkpoint that a witness cosigned, for a policy that asks for one.',
    },
    witnesses: {
      type: 'string',
      value: 'COUNT',
      help: 'The same for a policy that asks for several: so many of them at least.',
    },
    to: { type: 'string', value: 'DIR', help: 'The directory.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const directory = resolve(surroundings.workingDirectory, textOf(values, 'to'));
    await mkdir(directory, { recursive: true });
    const control = values['control'] === true;
    const tenant = tenantOf(values, control);
    const options = { values, tenant, scopes: ['log:read'] as const, surroundings };
    const checkpoint = checkpointOf(values);
    const { size, copied } = await withClient(options, ({ readLog, readControlLog }) => {
      const read = control ? readControlLog : readLog;
      return exportLog((path) => read(path === 'checkpoint' ? checkpoint : path), directory);
    });
    surroundings.out(`件数 / entries ${size}, ファイル / files written ${copied}: ${directory}\n`);
    return 0;
  },
};

/** Which checkpoint the directory will have: the newest, or one that witnesses cosigned. */
function checkpointOf(values: Values): string {
  const witnesses = optionalText(values, 'witnesses');
  if (witnesses === undefined)
    return values['witnessed'] === true ? 'witnessed-checkpoint' : 'checkpoint';
  if (!/^[1-9][0-9]?$/.test(witnesses)) throw new UsageError('--witnesses is a number from 1.');
  return `witnessed-checkpoint?witnesses=${witnesses}`;
}

/** Whose token is asked for: the control log is the operator company's. */
function tenantOf(values: Values, control: boolean): string {
  const tenant = optionalText(values, 'tenant');
  if (control === (tenant !== undefined))
    throw new UsageError('Name one log: --tenant TENANT, or --control.');
  return tenant ?? OPERATOR_TENANT;
}
