import { asAdministrator } from './as-administrator.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS } from './connection-options.ts';
import { table } from './table.ts';

export const TENANT_LIST: Command = {
  name: 'tenant list',
  summary: 'List the tenants.',
  options: { ...PERSON_OPTIONS, json: { type: 'boolean', help: 'Print JSON.' } },
  run: async ({ values }, surroundings) => {
    const tenants = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.listTenants(),
    );
    const rows = tenants.map(({ tenantId, name = '', origin = '' }) => [tenantId, name, origin]);
    const heads = ['委託元 / tenant', '名称 / name', 'ログ / log'];
    const json = values['json'] === true;
    surroundings.out(json ? `${JSON.stringify(tenants)}\n` : table(heads, rows));
    return 0;
  },
};
