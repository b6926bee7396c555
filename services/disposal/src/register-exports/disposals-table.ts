import type { Table } from '@mnv/register-document';
import { stateOf } from '../disposals/answer-disposal.ts';
import type { Disposal } from '../disposals/disposal.ts';
import type { DisposalAct, PurgedCopy } from './proxy-facts.ts';

const STATES: Readonly<Record<string, string>> = {
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
const DECIDING = ['request-disposal', 'approve-disposal', 'order-disposal'];

/** Of what is not erased yet, or was stopped, no method is said; and of what is, no more than its certificate says. */
const ERASED: ReadonlySet<string> = new Set(['erased', 'certified']);

const METHODS = {
  time: '本人確認書類の写し：保存期限の経過による封緘データの削除',
  disposal: '本人確認書類の写し：記録の廃棄に伴う鍵の消去と封緘データの削除',
} as const;

/**
 * 別添1 C-b ③: 削除・廃棄. Who asked, approved and ordered is what the access log says, by the case. Copies of
 * identity documents are purged by the vault itself: for them the day is that of the purge.
 */
export function disposalsTable(
  disposals: AsyncIterable<Disposal>,
  acts: readonly DisposalAct[],
  copies: AsyncIterable<PurgedCopy>,
): Table {
  return {
    columns: [
      { head: '廃棄ID', width: 88 },
      { head: '案件', width: 84 },
      { head: '件数', width: 34, align: 'right' },
      { head: '状態', width: 56 },
      { head: '方法', width: 70 },
      { head: '申請者', width: 69 },
      { head: '承認者', width: 69 },
      { head: '実行者', width: 69 },
      { head: '起案日時', width: 92 },
      { head: '証明書番号', width: 46, align: 'right' },
      { head: '証明書日時', width: 92 },
    ],
    rows: inTurn(rowsOf(disposals, acts), rowsOfCopies(copies)),
  };
}

async function* rowsOf(disposals: AsyncIterable<Disposal>, acts: readonly DisposalAct[]) {
  const who = new Map<string, Set<string>>();
  for (const act of acts) {
    const key = `${act.operation} ${act.caseId}`;
    who.set(key, (who.get(key) ?? new Set()).add(act.who));
  }
  for await (const one of disposals) {
    const people = DECIDING.map((operation) =>
      [...(who.get(`${operation} ${one.caseId}`) ?? [])].join(' '),
    );
    const what = [one.disposalId, one.caseId, String(one.count), stateInWords(one)];
    yield [
      ...what,
      ERASED.has(stateOf(one)) ? '暗号鍵の消去（証明書の述べる範囲）' : '',
      ...people,
      one.draftedAt.toISOString(),
      one.certificate ? String(one.certificate.number) : '',
      one.certificate?.issuedAt.toISOString() ?? '',
    ];
  }
}

function stateInWords(disposal: Disposal): string {
  const state = stateOf(disposal);
  return `${STATES[state] ?? ''} ${state}`.trim();
}

async function* inTurn<T>(...lists: AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const list of lists) yield* list;
}

async function* rowsOfCopies(copies: AsyncIterable<PurgedCopy>) {
  for await (const { documentId, purged } of copies) {
    if (purged === undefined) continue;
    const nobody = ['', '', 'システム'];
    yield [documentId, '', '1', 'purged', METHODS[purged.because], ...nobody, purged.at, '', ''];
  }
}
