import type { Row, Table } from '@mnv/register-document';
import type { CourseState, KeptStep, Lack } from '../retention/refusals/course.ts';
import { lacksOf, standingSteps } from '../retention/refusals/course.ts';
import type { ShownCourse } from '../retention/refusals/refusals.routes.ts';
import { subjectOf } from '../retention/retention-act.ts';

const KINDS: Readonly<Record<CourseState | 'withdrawn', string>> = {
  asked: '提供を求めた',
  refused: '拒否された',
  unanswered: '回答がない',
  'filed-without': '番号の記載なしで提出',
  provided: '提供を受けた',
  ended: '不要になった',
  withdrawn: '取消し',
};
const LACKS: Readonly<Record<Lack, string>> = {
  'duty-not-told': '法令上の義務の説明',
  'second-request': '再度の求め',
  answer: '回答の記録',
};

/** 提供拒否の経過: every step of the courses that had one in the period, with those that were taken back. */
export function refusalsTable(
  courses: AsyncIterable<ShownCourse>,
  period: { from: string; to: string },
): Table {
  return {
    columns: [
      { head: '経過ID', width: 69 },
      { head: '本人の参照', width: 42 },
      { head: '区分', width: 24 },
      { head: '利用目的', width: 50 },
      { head: '日', width: 58 },
      { head: '内容', width: 44 },
      { head: '方法', width: 32 },
      { head: '求めた者', width: 38 },
      { head: '義務の説明', width: 44 },
      { head: '理由', width: 44 },
      { head: '書類', width: 30 },
      { head: '書類の参照', width: 38 },
      { head: '登録日', width: 58 },
      { head: '登録者', width: 69 },
      { head: '有効', width: 26 },
      { head: '不足', width: 40 },
      { head: '保存期限', width: 58 },
    ],
    rows: rowsOf(courses, period),
  };
}

async function* rowsOf(
  courses: AsyncIterable<ShownCourse>,
  { from, to }: { from: string; to: string },
): AsyncGenerator<Row> {
  for await (const course of courses) {
    if (!course.steps.some(({ step: { on } }) => on >= from && on <= to)) continue;
    const standing = new Set(standingSteps(course).map(({ id }) => id));
    for (const step of course.steps) yield rowOf(course, step, standing.has(step.id));
  }
}

function rowOf(course: ShownCourse, { step, recordedOn, toldBy }: KeptStep, stands: boolean): Row {
  const { courseId, individualRef, subject, purpose, keptUntil } = course;
  const lacks = lacksOf(course).map((lack) => LACKS[lack]);
  const what = [courseId, individualRef, subject, purpose, step.on, KINDS[step.kind]];
  const told = [recordedOn, subjectOf(toldBy), stands ? '有効' : '取消し'];
  return [...what, ...factsOf(step), ...told, lacks.join('・'), keptUntil ?? '未定'];
}

/** 方法, 求めた者, 義務の説明, 理由, 書類, 書類の参照: what does not apply is empty. */
function factsOf(step: KeptStep['step']): string[] {
  if (step.kind === 'asked')
    return [step.channel, step.by, step.toldDuty ? '説明した' : '説明していない', '', '', ''];
  if (step.kind === 'filed-without') return ['', '', '', '', step.document, step.reference];
  return ['', '', '', 'reason' in step ? step.reason : '', '', ''];
}
