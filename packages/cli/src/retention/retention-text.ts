import type {
  DryRun,
  DueRecord,
  LegalHold,
  LifeSpan,
  RecordLife,
  RetentionTask,
} from '@mnv/client';
import type { RetentionDecision, RetentionRun } from '@mnv/client';
import { table } from '../table.ts';

const TOPICS: Record<string, string> = {
  book: '帳簿の利用（番号記載の省略）を決める / decide whether numbers are omitted by the book',
  'contract-end': '委託契約の終了後の扱いを決める / decide what becomes of them after the contract',
  'missing/omission': '番号を省略した申告書の提出期限が未登録 / no omitted declaration was told',
  'missing/ground': '保管の根拠がわからない / no ground is known',
  'not-computable': '法令表にない日付がある / a day the law table does not cover',
  overdue: '廃棄が遅れている / disposal is overdue',
  orphan: '本人の記録がない被扶養者等 / dependants without an employee',
  recall:
    '凍結済みだが廃棄対象でなくなった: 中止を / frozen, yet not due any more: stop the disposal',
  documents: '保存期間が終わった書類の廃棄 / documents whose period has ended',
  'hold-review': '法的保全の見直し / legal holds to review',
  'refusal/ask-again': '提供拒否: 再度の求めが未了 / refusals: the second request is due',
};

/** What waits for people, in words. */
export function topicInWords(topic: string): string {
  const rule = /^rule\/(.+)$/.exec(topic)?.[1];
  if (rule !== undefined)
    return `未確認の規則 ${rule} に従うか決める / decide whether to follow ${rule}`;
  return TOPICS[topic] ?? topic;
}

export function tasksInWords(tasks: readonly RetentionTask[]): string {
  const open = tasks.filter(({ closedOn }) => closedOn === null);
  if (open.length === 0) return '課題はありません / nothing waits\n';
  return table(
    ['課題 / topic', '内容 / what', '件数', '開始日'],
    open.map((task) => [task.topic, topicInWords(task.topic), String(task.records), task.openedOn]),
  );
}

export function dueInWords(records: readonly DueRecord[]): string {
  if (records.length === 0) return '廃棄予定はありません / nothing is due\n';
  return table(
    ['記録 / record', '区分', '本人キー / person', '満了 / due since', '予定 / planned', '状態'],
    records.map((one) => [
      one.recordId,
      one.subject,
      one.individualRef,
      one.dueSince,
      one.plannedOn,
      one.held ? '保全中 / held' : one.overdue ? '遅延 / overdue' : '',
    ]),
  );
}

export function dryRunInWords({ dryRunId, kind, until, summary }: DryRun): string {
  const { goingAlong, bySubject, keptBy } = summary;
  const counts = (of: Record<string, number>) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || '-';
  const rows = [
    ['試算 / dry run', dryRunId],
    ['種類 / kind', kind === 'due' ? '満了 / due' : '期限前 / early'],
    ['基準日 / until', until],
    ['対象件数 / records', String(summary.records)],
    ['区分別 / by subject', counts(bySubject)],
    ['本人とともに: 被扶養者 / dependants along', String(goingAlong.D)],
    ['本人とともに: 第3号 / category-3 along', String(goingAlong.S3)],
    ['本人の記録がない / orphans', String(summary.orphans)],
    ['残る被扶養者等 / left behind', String(summary.leftBehind)],
    ['書類が残る / documents outlive', String(summary.documentsOutlive)],
    ['最も古い満了日 / oldest', summary.oldestDueSince ?? '-'],
    ['遅延 / overdue', String(summary.overdue)],
    ['法的保全で除外 / held', String(summary.held)],
    ['残る理由 / kept by', counts(keptBy)],
    ['分割 / parts', `${summary.parts} (≤ ${summary.partSize})`],
  ];
  return table(['項目 / what', '内容 / value'], rows);
}

export function decisionsInWords(decisions: readonly RetentionDecision[]): string {
  return table(
    ['判断 / decision', '項目', '値', '提案 / proposed', '確認 / confirmed', '決定日'],
    decisions.map((one) => [
      one.decisionId,
      one.topic,
      one.value,
      one.proposedBy,
      one.confirmedBy ?? '待ち / waits',
      one.decidedOn ?? '',
    ]),
  );
}

export function holdsInWords(holds: readonly LegalHold[]): string {
  if (holds.length === 0) return '法的保全はありません / no legal hold\n';
  return table(
    ['保全 / hold', '範囲', '案件', '対象', '理由 / reason', '責任者', '見直し', '状態'],
    holds.map((one) => [
      one.holdId,
      one.scope,
      one.caseId ?? '',
      one.scope === 'tenant' ? '全件 / all' : String(one.individuals.length),
      one.reason,
      one.owner,
      one.reviewOn,
      one.liftedAt === null ? '有効 / in force' : '解除 / lifted',
    ]),
  );
}

/** One record’s life with every step. */
export function lifeInWords(life: RecordLife): string {
  const head = [
    `記録 / record ${life.recordId} (${life.subject}, ${life.state})`,
    `基準日 / as of ${life.asOf}、法令表 / law ${life.lawVersion}、帳簿 / book ${life.usesBook}`,
    ...(life.held ? ['法的保全中: 廃棄しない / held: not disposed of'] : []),
    ...supersededInWords(life.superseded),
  ];
  const documents = life.documents.flatMap((one) => [
    `書類 / document ${one.document} ${one.reference}`,
    ...spanInWords(one),
  ]);
  return [...head, '番号 / number', ...spanInWords(life.number), ...documents, ''].join('\n');
}

function spanInWords({ keepThrough, deletableFrom, deleteBy, blockedBy, trace }: LifeSpan) {
  return [
    `  保存 / keep through ${keepThrough ?? '-'}、廃棄可 / deletable from ${deletableFrom ?? '-'}` +
      (deleteBy === null ? '' : `、廃棄期限 / delete by ${deleteBy}`),
    ...(blockedBy.length > 0 ? [`  止める理由 / blocked by ${blockedBy.join(', ')}`] : []),
    ...trace.map((step) => `    ${step}`),
  ];
}

const OUTCOMES = { done: '完了 / done', failed: '失敗 / failed' } as const;

export function runsInWords(runs: readonly RetentionRun[]): string {
  return table(
    ['処理 / job', '日', '回', '開始 / started', '終了 / ended', '結果', '遅れ / missed from'],
    runs.map((run) => [
      run.job,
      run.day,
      String(run.attempt),
      run.startedAt,
      run.endedAt ?? '',
      run.outcome === null ? '実行中または中断 / running or cut off' : OUTCOMES[run.outcome],
      run.missedFrom ?? '',
    ]),
  );
}

const CHANGES = { changed: '番号変更 / changed', corrected: '誤入力の訂正 / corrected' };

function supersededInWords(superseded: RecordLife['superseded']): string[] {
  if (superseded === undefined) return [];
  const { by, reason, from } = superseded;
  return [`${from} から番号は別の記録へ / superseded by ${by} (${CHANGES[reason]})`];
}
