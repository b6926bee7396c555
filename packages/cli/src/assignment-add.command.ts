import { SUBJECT_OPTION, asAdministrator } from './as-administrator.ts';
import { optionalText, textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS, TENANT_OPTION } from './connection-options.ts';

export const ASSIGNMENT_ADD: Command = {
  name: 'assignment add',
  summary: 'Assign an operator to purposes of a tenant for a time.',
  options: {
    ...PERSON_OPTIONS,
    tenant: TENANT_OPTION,
    subject: SUBJECT_OPTION,
    purposes: {
      type: 'string',
      value: 'CODES',
      help: 'Purpose codes joined by | or commas.',
      required: true,
    },
    from: { type: 'string', value: 'YYYY-MM-DD', help: 'First day.', required: true },
    to: { type: 'string', value: 'YYYY-MM-DD', help: 'Last day; without it, until revoked.' },
  },
  run: async ({ values }, surroundings) => {
    const to = optionalText(values, 'to');
    const assignment = {
      subject: textOf(values, 'subject'),
      purposes: textOf(values, 'purposes').split(/[|,]/),
      from: textOf(values, 'from'),
      ...(to === undefined ? {} : { to }),
    };
    await asAdministrator(values, surroundings, ({ administration }) =>
      administration.addAssignment(textOf(values, 'tenant'), assignment),
    );
    surroundings.out('担当を登録しました / assignment registered\n');
    return 0;
  },
};
