import type { RefusalCourse } from '@mnv/client';

/** Kinds of steps, and the states they lead to, as people read them. */
export const STATES: Readonly<Record<RefusalCourse['steps'][number]['kind'], string>> = {
  asked: '提供を求めた',
  refused: '拒否された',
  unanswered: '回答がない',
  'filed-without': '番号の記載なしで提出',
  provided: '提供を受けた',
  ended: '不要になった',
  withdrawn: '取消し',
};

/** What a course lacks to show that the number’s absence is no neglect. */
export const LACKS: Readonly<Record<RefusalCourse['lacks'][number], string>> = {
  'duty-not-told': '法令上の義務の説明',
  'second-request': '再度の求め',
  answer: '回答の記録',
};
