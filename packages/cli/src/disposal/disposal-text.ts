import type { Disposal } from '@mnv/client';
import { table } from '../table.ts';

const STATES: Record<string, string> = {
  draft: '起案',
  requested: '申請済み',
  frozen: '凍結（読出し不可）',
  intent: '消去開始',
  rekeying: '鍵の更新中',
  flipped: '鍵の切替え済み',
  fenced: '遮断済み',
  erased: '消去済み',
  stopped: '中止',
  certified: '証明書発行済み',
};

const APPROVALS_NEEDED = 2;

/** Where a disposal stands, for people: Japanese first. One that two approved and nobody ordered says so. */
function stateInWords({ state, held, approvals }: Disposal): string {
  if (state === 'requested' && !held && approvals >= APPROVALS_NEEDED) return '承認済み / approved';
  const japanese = STATES[state];
  return japanese === undefined ? state : `${japanese} / ${state}`;
}

/** One disposal, with all that somebody has to know who approves it. */
export function disposalInWords(disposal: Disposal): string {
  const { certificate } = disposal;
  const rows = [
    ['廃棄 / disposal', disposal.disposalId],
    ['案件 / case', disposal.caseId],
    ['理由 / reason', disposal.reason],
    ['件数 / records', String(disposal.count)],
    ...(disposal.notDue
      ? [
          [
            '期限前 / not due',
            `${disposal.notDue}（保存の根拠あり又は不明 / kept by a ground, or unknown）`,
          ],
        ]
      : []),
    ['束のハッシュ / batch', disposal.batchHash],
    ['状態 / state', stateInWords(disposal)],
    ['承認 / approvals', `${disposal.approvals} / 2`],
    ['保全 / held', disposal.held ? 'あり / yes' : 'なし / no'],
    ['起案者 / drafted by', `${disposal.draftedBy} (${disposal.draftedAt})`],
    ...(certificate
      ? [['証明書 / certificate', `No. ${certificate.number} (${certificate.issuedAt})`]]
      : []),
  ];
  return table(['項目 / what', '内容 / value'], rows);
}

/** Many of them, one a line. */
export function disposalsInWords(disposals: readonly Disposal[]): string {
  const heads = ['廃棄 / disposal', '案件 / case', '件数', '状態 / state', '承認', '証明書'];
  return table(
    heads,
    disposals.map((one) => [
      one.disposalId,
      one.caseId,
      String(one.count),
      stateInWords(one),
      `${one.approvals}/2${one.held ? ' 保全' : ''}`,
      one.certificate ? `No. ${one.certificate.number}` : '',
    ]),
  );
}
