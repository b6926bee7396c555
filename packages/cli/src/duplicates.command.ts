import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION, withClient } from './connection-options.ts';
import { table } from './table.ts';

/** What the sweep at night found: somebody has to look which record has the wrong number. */
export const DUPLICATES: Command = {
  name: 'duplicates',
  summary: 'List records of several people that hold one number, as the last sweep found them.',
  details: 'Record ids only, never a number. What was stored since the sweep is in the next one.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    json: { type: 'boolean', help: 'Print {comparedBefore, compared, groups} as JSON.' },
  },
  run: async ({ values }, surroundings) => {
    const tenant = textOf(values, 'tenant');
    const options = { values, tenant, scopes: ['record:read'] as const, surroundings };
    const found = await withClient(options, (client) => client.findDuplicates());
    if (values['json'] === true) {
      surroundings.out(`${JSON.stringify(found)}\n`);
      return 0;
    }
    const { groups, compared, comparedBefore = '未実施 / never' } = found;
    const rows = groups.flatMap((group, at) => group.map((recordId) => [String(at + 1), recordId]));
    if (rows.length > 0) surroundings.out(table(['組 / group', '記録 / record'], rows));
    surroundings.out(
      `重複 / numbers held for several people ${groups.length}, 記録 / records ${rows.length}, 比較 / compared ${compared}, 時点 / stored before ${comparedBefore}\n`,
    );
    return 0;
  },
};
