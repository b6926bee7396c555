import type { Table } from '@mnv/register-document';
import type { AccessListEntry } from './proxy-facts.ts';

/** 別添1 0-C, C-c: who may handle numbers, for which work, by which assignment and training, and when. */
export function handlersTable(accessList: readonly AccessListEntry[]): Table {
  return {
    title: 'アクセス権を有する者（事務取扱担当者）',
    columns: [
      { head: '担当者', width: 69 },
      { head: '氏名', width: 62 },
      { head: '利用目的', width: 146 },
      { head: '割当ての期間', width: 114 },
      { head: '研修（修了日・有効期限）', width: 144 },
      { head: 'アクセス権を有した期間', width: 114 },
      { head: '登録日時', width: 58 },
      { head: '登録者', width: 69 },
    ],
    rows: accessList.map((one) => [
      one.subject,
      one.name,
      one.purposes.join('・'),
      inWords(one),
      one.trainings
        .map(({ course, completedOn, expiresOn }) => `${course}（${completedOn}・${expiresOn}）`)
        .join('\n'),
      heldInWords(one),
      one.addedAt,
      one.addedBy,
    ]),
  };
}

/** Who had access for a purpose, each with the time. */
export function whoHeld(accessList: readonly AccessListEntry[], purpose: string): string {
  return accessList
    .filter(({ purposes, held }) => purposes.includes(purpose) && held.length > 0)
    .map((one) => `${one.name}（${heldInWords(one)}）`)
    .join('\n');
}

function heldInWords({ held }: AccessListEntry): string {
  return held.length === 0 ? 'なし（有効な研修がない）' : held.map(inWords).join('\n');
}

function inWords({ from, to }: { from: string; to: string | null }): string {
  return `${from}〜${to ?? ''}`;
}
