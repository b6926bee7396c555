import { findPurpose } from '@mnv/bango-ho';
import type { AccessReportRow, Client, Disposal } from '@mnv/client';
import { certificates } from './certificate-register-rows.ts';
import { isWithin } from './is-within.ts';
import { carried, subcontractors } from './kept-register-rows.ts';
import { HANDLING } from './handling-operations.ts';
import { purgedCopies } from './purged-copies.ts';
import { refusals } from './refusal-rows.ts';

export type Rows = (readonly string[])[];
export type RegisterAsked = {
  from: string;
  to: string;
  responsible: string;
  department: string;
};

/** Rows of one register, its heads first. None has a place for a number. */
export type MakeRegister = (client: Client, asked: RegisterAsked) => Promise<Rows>;

const SUBJECTS: Record<string, string> = {
  E: '従業員等',
  D: '被扶養者',
  S3: '国民年金第3号被保険者',
  P: '支払先',
  H: '株主等',
};

/** 別添1 C-c: which files of numbers there are. */
const files: MakeRegister = async (client, { responsible, department }) => {
  const { asOf, files: found } = await client.retention.files();
  return [
    [
      '基準日',
      'ファイルの種類・名称',
      '対象者',
      '利用目的',
      '責任者',
      '取扱部署',
      'アクセス権を有する者',
      '保有件数',
      '凍結件数',
      '削除・廃棄済み件数',
      '保存期限',
    ],
    ...found.map((file) => [
      asOf,
      `${SUBJECTS[file.subject] ?? file.subject} ${file.purpose}`,
      SUBJECTS[file.subject] ?? file.subject,
      findPurpose(file.purpose)?.nameJa ?? file.purpose,
      responsible,
      department,
      '担当者登録簿（割当て）による',
      String(file.living),
      String(file.frozen),
      String(file.erased),
      file.keptUntil ?? '未定',
    ]),
  ];
};

const accessesIn = async (client: Client, { from, to }: RegisterAsked) =>
  (await client.reportAccess({ from, to })).rows;

/** C-b ①: 利用・出力状況. */
const uses: MakeRegister = async (client, asked) => [
  [
    '日時(UTC)',
    '担当者',
    'システム',
    '操作',
    '利用目的',
    '案件',
    '記録ID',
    '件数',
    '結果',
    '記録番号',
  ],
  ...(await accessesIn(client, asked))
    .filter(({ operation, kind }) => HANDLING.has(operation) && kind !== 'outcome')
    .map((row) => [
      row.at,
      row.who,
      row.onBehalf,
      row.operation,
      row.purpose,
      row.case,
      row.record,
      String(row.count),
      row.result,
      String(row.index),
    ]),
];

const DECIDING: Record<string, string> = {
  'request-disposal': '申請',
  'approve-disposal': '承認',
  'order-disposal': '実行',
};

/**
 * C-b ③: 削除・廃棄. Who asked, approved and ordered comes from the access log, by the case. Copies of identity
 * documents are purged by the vault itself: for them the day is that of the purge.
 */
const disposals: MakeRegister = async (client, asked) => {
  const acts = (await accessesIn(client, asked)).filter(
    ({ operation, result }) => operation in DECIDING && result === 'allow',
  );
  const found = await disposalsIn(client, asked);
  return [
    [
      '廃棄ID',
      '案件',
      '件数',
      '状態',
      '方法',
      '申請者',
      '承認者',
      '実行者',
      '起案日時',
      '証明書番号',
      '証明書日時',
    ],
    ...found.map((one) => [
      one.disposalId,
      one.caseId,
      String(one.count),
      one.state,
      '暗号鍵の消去（復元不可能な手段）',
      ...Object.keys(DECIDING).map((operation) => whoDid(acts, operation, one)),
      one.draftedAt,
      one.certificate ? String(one.certificate.number) : '',
      one.certificate?.issuedAt ?? '',
    ]),
    ...(await purgedCopies(client, asked)),
  ];
};

function whoDid(acts: readonly AccessReportRow[], operation: string, { caseId }: Disposal): string {
  const people = acts
    .filter((act) => act.operation === operation && act.case === caseId)
    .map(({ who }) => who);
  return [...new Set(people)].join(' ');
}

/** C-b ⑤: 情報システムの利用状況, by person and day. */
const systemUse: MakeRegister = async (client, asked) => {
  const rows = (await accessesIn(client, asked)).filter(({ kind }) => kind !== 'outcome');
  const days = Map.groupBy(rows, ({ at, who, onBehalf }) =>
    [at.slice(0, 10), who, onBehalf].join('\n'),
  );
  return [
    ['日(UTC)', '担当者', 'システム', '操作数', '拒否された操作', '操作の種類'],
    ...[...days]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, acts]) => [
        ...key.split('\n'),
        String(acts.length),
        String(acts.filter(({ kind }) => kind === 'deny').length),
        [...new Set(acts.map(({ operation }) => operation))].toSorted().join(' '),
      ]),
  ];
};

/** Drafted within the period. */
async function disposalsIn(client: Client, period: RegisterAsked): Promise<Disposal[]> {
  const found = await Array.fromAsync(client.disposals.list());
  return found.filter(({ draftedAt }) => isWithin(period, draftedAt)).toReversed();
}

/** The registers the guideline asks for, by the word a command names them with. */
export const REGISTERS: Readonly<Record<string, MakeRegister>> = {
  files,
  uses,
  disposals,
  certificates,
  'system-use': systemUse,
  carried,
  subcontractors,
  refusals,
};
