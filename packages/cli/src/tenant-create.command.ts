import { asAdministrator } from './as-administrator.ts';
import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS } from './connection-options.ts';

export const TENANT_CREATE: Command = {
  name: 'tenant create',
  summary: 'Register a tenant (委託元) with an access log of its own.',
  positionals: ['TENANT'],
  options: {
    ...PERSON_OPTIONS,
    name: { type: 'string', value: 'NAME', help: 'The company’s name.', required: true },
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  run: async ({ values, positionals: [tenantId = ''] }, surroundings) => {
    const name = textOf(values, 'name');
    const created = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.createTenant({ tenantId, name }),
    );
    const json = values['json'] === true;
    surroundings.out(
      json ? `${JSON.stringify(created)}\n` : `${tenantId}: 登録済み / registered\n`,
    );
    return 0;
  },
};
