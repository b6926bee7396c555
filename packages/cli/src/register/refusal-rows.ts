import type { RefusalCourse } from '@mnv/client';
import { LACKS, STATES } from '../refusals/refusal-words.ts';
import type { MakeRegister } from './register-rows.ts';

type Step = RefusalCourse['steps'][number];

/** 提供拒否の経過: every step of the courses that had one in the period, with those that were taken back. */
export const refusals: MakeRegister = async (client, { from, to }) => {
  const courses = await Array.fromAsync(client.refusals.list());
  const within = courses.filter(({ steps }) => steps.some(({ on }) => on >= from && on <= to));
  return [
    [
      '経過ID',
      '本人の参照',
      '区分',
      '利用目的',
      '日',
      '内容',
      '方法',
      '求めた者',
      '義務の説明',
      '理由',
      '書類',
      '書類の参照',
      '登録日',
      '登録者',
      '有効',
      '不足',
      '保存期限',
    ],
    ...within.flatMap((course) => course.steps.map((step) => rowOf(course, step))),
  ];
};

function rowOf(course: RefusalCourse, step: Step): string[] {
  const { courseId, individualRef, subject, purpose, lacks, keptUntil } = course;
  return [
    courseId,
    individualRef,
    subject,
    purpose,
    step.on,
    STATES[step.kind],
    ...factsOf(step),
    step.recordedOn,
    step.toldBy,
    step.stands ? '有効' : '取消し',
    lacks.map((lack) => LACKS[lack]).join('・'),
    keptUntil ?? '未定',
  ];
}

/** 方法, 求めた者, 義務の説明, 理由, 書類, 書類の参照: what does not apply is empty. */
function factsOf(step: Step): string[] {
  if (step.kind === 'asked')
    return [step.channel, step.by, step.toldDuty ? '説明した' : '説明していない', '', '', ''];
  if (step.kind === 'filed-without') return ['', '', '', '', step.document, step.reference];
  return ['', '', '', 'reason' in step ? step.reason : '', '', ''];
}
