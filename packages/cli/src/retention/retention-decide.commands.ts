import { textOf } from '../command.ts';
import type { Command } from '../command.ts';
import { RETENTION_OPTIONS, idOf, print, withPerson } from './retention-options.ts';

export const RETENTION_PROPOSE: Command = {
  name: 'retention propose',
  summary: '判断を提案する（一人目） / propose a decision, as the first of two persons.',
  details: [
    'TOPIC and VALUE: book yes|no · policy immediate|monthly|fiscal-year-end:MM · contract-end dispose|keep ·',
    'rule/CODE follow|keep · early/DRY-RUN dispose|keep. It counts once another person has confirmed it.',
  ].join('\n'),
  positionals: ['TOPIC', 'VALUE'],
  options: {
    ...RETENTION_OPTIONS,
    reason: { type: 'string', value: 'TEXT', help: 'Why, for whoever confirms.', required: true },
  },
  run: async ({ values, positionals: [topic = '', value = ''] }, surroundings) => {
    const reason = textOf(values, 'reason');
    const decisionId = await withPerson({ values, surroundings }, (client) =>
      client.retention.propose({ topic, value, reason }),
    );
    print({ values, surroundings }, { decisionId }, () =>
      [
        `提案しました / proposed: ${decisionId}`,
        '次に、別の一人が確認します / next, another person confirms:',
        `  mynumber retention confirm ${decisionId} --tenant … --as …`,
        '',
      ].join('\n'),
    );
    return 0;
  },
};

export const RETENTION_CONFIRM: Command = {
  name: 'retention confirm',
  summary: '判断を確認する（二人目） / confirm a decision, as the second person.',
  positionals: ['DECISION'],
  options: RETENTION_OPTIONS,
  run: async ({ values, positionals }, surroundings) => {
    const decisionId = idOf(positionals, 'A decision');
    await withPerson({ values, surroundings }, (client) => client.retention.confirm(decisionId));
    print({ values, surroundings }, { decisionId }, () => '決定しました / decided\n');
    return 0;
  },
};
