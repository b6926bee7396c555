import type { RefusalCourse } from '@mnv/client';
import type { Command } from '../command.ts';
import { RETENTION_OPTIONS, print, withPerson } from '../retention/retention-options.ts';
import { table } from '../table.ts';
import { LACKS, STATES } from './refusal-words.ts';

/** Whom the company waits for, and what its record still lacks. */
export const REFUSALS_LIST: Command = {
  name: 'refusals list',
  summary: '提供拒否の経過の一覧 / list the courses of asking for numbers that were not given.',
  details: 'The steps themselves: with --json, or `register refusals`.',
  options: RETENTION_OPTIONS,
  run: async ({ values }, surroundings) => {
    const courses = await withPerson({ values, surroundings }, (client) =>
      Array.fromAsync(client.refusals.list()),
    );
    print({ values, surroundings }, { refusals: courses }, () => inWords(courses));
    return 0;
  },
};

function inWords(courses: readonly RefusalCourse[]): string {
  const heads = [
    '本人 / individual',
    '区分',
    '利用目的',
    '状態 / state',
    '不足 / lacks',
    '保存期限',
  ];
  const rows = courses.map((one) => [
    one.individualRef,
    one.subject,
    one.purpose,
    STATES[one.state],
    one.lacks.map((lack) => LACKS[lack]).join('、'),
    one.keptUntil ?? '未定 / open',
  ]);
  return rows.length === 0 ? 'なし / none\n' : table(heads, rows);
}
