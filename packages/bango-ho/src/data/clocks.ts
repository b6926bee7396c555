import type { RetentionClock } from '../retention-rule.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

/** What starts each retention period. */
export const CLOCKS: readonly RetentionClock[] = [
  {
    code: 'JAN10_AFTER_DEADLINE_YEAR',
    eventJa: '提出期限',
    eventEn: 'the day by which the declaration was to be filed',
    start: { kind: 'fixed-day', yearsLater: 1, monthDay: '01-10' },
    startedBy: 'deadline',
    ...statedBy('所得税法施行規則76条の3; 国税庁 No.2503', [
      at.DECLARATION_DEADLINES,
      at.DECLARATION_KEEPING,
    ]),
  },
  {
    code: 'JAN10_AFTER_LAST_OMITTED_FORM_DEADLINE_YEAR',
    eventJa: '番号の記載を省略した最後の扶養控除等申告書の提出期限',
    eventEn: 'the deadline of the last declaration filed without the number',
    start: { kind: 'fixed-day', yearsLater: 1, monthDay: '01-10' },
    startedBy: 'last-omitted-deadline',
    ...statedBy('国税庁FAQ Q1-3-7 (2016-09-09)', [at.NTA_BOOK_QUOTED]),
  },
  {
    code: 'COMPLETION',
    eventJa: '完結の日',
    eventEn: 'the day the matter was completed',
    start: { kind: 'event' },
    startedBy: 'completion',
    ...statedBy('雇用保険法施行規則143条; 労働者災害補償保険法施行規則51条', [
      at.LABOUR_KEEPING,
      at.LABOUR_KEEPING_2,
      at.LABOUR_KEEPING_3,
    ]),
  },
  {
    code: 'COMPLETION_LEFT_ESTABLISHMENT',
    eventJa: '完結の日（事業所に属しなくなった日: 退職・解雇・死亡 等）',
    eventEn: 'the day the person no longer belonged to the establishment',
    start: { kind: 'event' },
    startedBy: 'leaving',
    ...statedBy('雇用保険法施行規則143条', [
      at.LABOUR_KEEPING,
      at.LABOUR_KEEPING_2,
      at.LABOUR_KEEPING_3,
    ]),
  },
  {
    code: 'COMPLETION_OF_BENEFIT',
    eventJa: '給付手続の完結の日',
    eventEn: 'the day the benefit procedure was completed',
    start: { kind: 'event' },
    startedBy: 'completion',
    ...toBeChecked(
      '雇用保険法施行規則143条',
      'whether the clock of benefit papers starts with the procedure or with leaving',
    ),
  },
  {
    code: 'FILED_AT',
    eventJa: '提出の日',
    eventEn: 'the day the original was filed',
    start: { kind: 'event' },
    startedBy: 'document-day',
    ...toBeChecked('PPC Q&A (旧番号 Q6-4-2)', 'no published source was compared'),
  },
  {
    code: 'VERIFIED_AT',
    eventJa: '本人確認の日',
    eventEn: 'the day the identity was verified',
    start: { kind: 'event' },
    startedBy: 'document-day',
    ...statedBy('PPC Q&A Q6-2', [at.IDENTITY_DOCUMENT_COPIES]),
  },
  {
    code: 'UNKNOWN',
    eventJa: '未確認',
    eventEn: 'not established',
    start: { kind: 'unknown' },
    startedBy: null,
    ...toBeChecked('租税特別措置法施行規則', 'what starts the period is not established'),
  },
];
