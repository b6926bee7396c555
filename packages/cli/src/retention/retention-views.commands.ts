import { optionalText } from '../command.ts';
import type { Command } from '../command.ts';
import { RETENTION_OPTIONS, idOf, print, withPerson } from './retention-options.ts';
import {
  decisionsInWords,
  dueInWords,
  lifeInWords,
  runsInWords,
  tasksInWords,
} from './retention-text.ts';

export const RETENTION_DUE: Command = {
  name: 'retention due',
  summary: '廃棄予定の一覧 / list the records whose last ground has ended.',
  options: {
    ...RETENTION_OPTIONS,
    until: { type: 'string', value: 'DAY', help: 'Up to this day; default: today.' },
  },
  run: async ({ values }, surroundings) => {
    const due = await withPerson({ values, surroundings }, (client) =>
      Array.fromAsync(client.retention.due(optionalText(values, 'until'))),
    );
    print({ values, surroundings }, { due }, () => dueInWords(due));
    return 0;
  },
};

export const RETENTION_LIFE: Command = {
  name: 'retention life',
  summary: '一件の保存期間と根拠 / say how long one number lives and why.',
  positionals: ['RECORD'],
  options: {
    ...RETENTION_OPTIONS,
    'as-of': { type: 'string', value: 'DAY', help: 'As it was known on a past day.' },
  },
  run: async ({ values, positionals }, surroundings) => {
    const recordId = idOf(positionals, 'A record');
    const life = await withPerson({ values, surroundings }, (client) =>
      client.retention.life(recordId, optionalText(values, 'as-of')),
    );
    print({ values, surroundings }, life, () => lifeInWords(life));
    return 0;
  },
};

export const RETENTION_TASKS: Command = {
  name: 'retention tasks',
  summary: '人の判断を待つ課題 / list what waits for people.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const tasks = await withPerson({ values, surroundings }, (client) => client.retention.tasks());
    print({ values, surroundings }, { tasks }, () => tasksInWords(tasks));
    return 0;
  },
};

export const RETENTION_DECISIONS: Command = {
  name: 'retention decisions',
  summary: '提案と決定の一覧 / list what was proposed and decided.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const decisions = await withPerson({ values, surroundings }, (client) =>
      client.retention.decisions(),
    );
    print({ values, surroundings }, { decisions }, () => decisionsInWords(decisions));
    return 0;
  },
};

export const RETENTION_JOBS: Command = {
  name: 'retention jobs',
  summary: '夜間処理の履歴 / list what the service did by itself.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const runs = await withPerson({ values, surroundings }, (client) => client.retention.runs());
    print({ values, surroundings }, { runs }, () => runsInWords(runs));
    return 0;
  },
};
