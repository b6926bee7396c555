import { SUBJECT_OPTION, asAdministrator } from './as-administrator.ts';
import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS } from './connection-options.ts';

export const OPERATOR_ADD: Command = {
  name: 'operator add',
  summary: 'Register a person who handles numbers (事務取扱担当者).',
  options: {
    ...PERSON_OPTIONS,
    subject: SUBJECT_OPTION,
    name: { type: 'string', value: 'NAME', help: 'The person’s name.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const operator = { subject: textOf(values, 'subject'), name: textOf(values, 'name') };
    await asAdministrator(values, surroundings, ({ administration }) =>
      administration.addOperator(operator),
    );
    surroundings.out('担当者を登録しました / operator registered\n');
    return 0;
  },
};
