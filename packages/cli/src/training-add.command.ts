import { SUBJECT_OPTION, asAdministrator } from './as-administrator.ts';
import { textOf } from './command.ts';
import type { Command } from './command.ts';
import { PERSON_OPTIONS } from './connection-options.ts';

export const TRAINING_ADD: Command = {
  name: 'training add',
  summary: 'Record that an operator completed a training (教育).',
  options: {
    ...PERSON_OPTIONS,
    subject: SUBJECT_OPTION,
    course: { type: 'string', value: 'COURSE', help: 'Which course.', required: true },
    completed: { type: 'string', value: 'YYYY-MM-DD', help: 'Day of completion.', required: true },
    expires: { type: 'string', value: 'YYYY-MM-DD', help: 'Last day it counts.', required: true },
  },
  run: async ({ values }, surroundings) => {
    const training = {
      subject: textOf(values, 'subject'),
      course: textOf(values, 'course'),
      completedOn: textOf(values, 'completed'),
      expiresOn: textOf(values, 'expires'),
    };
    await asAdministrator(values, surroundings, ({ administration }) =>
      administration.addTraining(training),
    );
    surroundings.out('教育を登録しました / training registered\n');
    return 0;
  },
};
