import { isTenantId } from '@mnv/core';
import { asAdministrator } from './as-administrator.ts';
import { UsageError, textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION } from './connection-options.ts';
import { table } from './table.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const ASSIGNMENT_LIST: Command = {
  name: 'assignment list',
  summary:
    'アクセス権を有する者を一覧する / list who could handle the numbers of a tenant, and when.',
  details: 'Reviewers of the tenant itself get the same by `mynumber register handlers`.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    from: { type: 'string', value: 'DAY', help: 'First day (Tokyo).', required: true },
    to: { type: 'string', value: 'DAY', help: 'Last day, whole.', required: true },
    json: { type: 'boolean', help: 'Print JSON.' },
  },
  run: async ({ values }, surroundings) => {
    const tenantId = textOf(values, 'tenant');
    if (!isTenantId(tenantId)) throw new UsageError('A tenant id is like t-001.');
    const period = { from: textOf(values, 'from'), to: textOf(values, 'to') };
    if (!DAY.test(period.from) || !DAY.test(period.to))
      throw new UsageError('--from and --to are days, YYYY-MM-DD.');
    const found = await asAdministrator(values, surroundings, ({ administration }) =>
      administration.accessList(tenantId, period),
    );
    surroundings.out(
      values['json'] === true
        ? `${JSON.stringify(found)}\n`
        : table(
            ['担当者 / person', '氏名 / name', '利用目的 / purposes', '有した期間 / held'],
            found.map(({ subject, name, purposes, held }) => [
              subject,
              name,
              purposes.join(' '),
              held.map(({ from, to }) => `${from}〜${to}`).join(' '),
            ]),
          ),
    );
    return 0;
  },
};
