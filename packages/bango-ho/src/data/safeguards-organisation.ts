import type { Safeguard } from '../safeguard.ts';
import { fromKnowledge, published } from './safeguard-of.ts';
import * as at from './source-addresses.ts';

/** What comes before the measures: naming the work, the data and the people. */
const PREPARATION: readonly Safeguard[] = [
  fromKnowledge({
    code: '0-A',
    category: '0',
    nameJa: '個人番号を取り扱う事務の範囲の明確化',
    nameEn: 'Name the clerical work that handles numbers',
    examplesJa: ['個人番号関係事務の範囲を列挙する'],
    records: ['purpose register'],
  }),
  fromKnowledge({
    code: '0-B',
    category: '0',
    nameJa: '特定個人情報等の範囲の明確化',
    nameEn: 'Name the data kept with numbers',
    examplesJa: ['個人番号と関連付けて管理する個人情報の項目を列挙する'],
    records: ['data-item register'],
  }),
  fromKnowledge({
    code: '0-C',
    category: '0',
    nameJa: '事務取扱担当者の明確化',
    nameEn: 'Name the people who handle numbers',
    examplesJa: ['氏名のほか、明確になる場合は部署名・係名等'],
    records: ['handler register'],
  }),
];

const POLICY: readonly Safeguard[] = [
  fromKnowledge({
    code: 'A',
    category: 'A',
    nameJa: '基本方針の策定',
    nameEn: 'Basic policy',
    examplesJa: [
      '事業者の名称',
      '関係法令・ガイドライン等の遵守',
      '安全管理措置に関する事項',
      '質問及び苦情処理の窓口',
    ],
    records: ['policy document with version and date of publication'],
  }),
  fromKnowledge({
    code: 'B',
    category: 'B',
    nameJa: '取扱規程等の策定',
    nameEn: 'Handling rules',
    examplesJa: [
      '取得・利用・保存・提供・削除廃棄の段階ごとに、取扱方法、責任者・事務取扱担当者及びその任務を定める',
    ],
    records: ['versions of the rules', 'procedure of each stage, named by log entries'],
  }),
];

const ORGANISATION: readonly Safeguard[] = [
  fromKnowledge({
    code: 'C-a',
    category: 'C',
    nameJa: '組織体制の整備',
    nameEn: 'Organisation',
    examplesJa: [
      '責任者の設置及び責任の明確化',
      '事務取扱担当者の明確化及びその役割の明確化',
      '事務取扱担当者が取り扱う特定個人情報等の範囲の明確化',
      '取扱規程等に違反している事実又は兆候を把握した場合の報告連絡体制',
      '漏えい等の発生又は兆候を把握した場合の報告連絡体制',
      '複数の部署で取り扱う場合の任務分担及び責任の明確化',
    ],
    records: ['table of responsible people, handlers, scope and dates', 'reporting lines'],
  }),
  published(
    {
      code: 'C-b',
      category: 'C',
      nameJa: '取扱規程等に基づく運用',
      nameEn: 'Operation by the rules, and its records',
      examplesJa: [
        '特定個人情報ファイルの利用・出力状況の記録',
        '書類・媒体等の持ち運びの記録',
        '特定個人情報ファイルの削除・廃棄記録',
        '削除・廃棄を委託した場合、これを証明する記録等',
        '情報システムの利用状況（ログイン実績、アクセスログ等）の記録',
      ],
      records: [
        'uses and outputs of files',
        'carrying of documents and media',
        'deletion and disposal',
        'certificates of outsourced disposal',
        'sign-ins and access log',
      ],
    },
    [at.KEEPING_RECORDS],
  ),
  fromKnowledge({
    code: 'C-c',
    category: 'C',
    nameJa: '取扱状況を確認する手段の整備',
    nameEn: 'Means to check the state of handling; the register itself holds no number',
    examplesJa: [
      '特定個人情報ファイルの種類、名称',
      '責任者、取扱部署',
      '利用目的',
      '削除・廃棄状況',
      'アクセス権を有する者',
    ],
    records: ['file register without numbers'],
  }),
  fromKnowledge({
    code: 'C-d',
    category: 'C',
    nameJa: '情報漏えい等事案に対応する体制等の整備',
    nameEn: 'Response to leaks',
    examplesJa: [
      '事実関係の調査及び原因の究明',
      '影響を受ける可能性のある本人への通知',
      '委員会等への報告',
      '再発防止策の検討及び決定',
      '事実関係及び再発防止策等の公表',
    ],
    records: ['incident case file', 'deadlines of reports'],
  }),
  fromKnowledge({
    code: 'C-e',
    category: 'C',
    nameJa: '取扱状況の把握及び安全管理措置の見直し',
    nameEn: 'Review of the handling and of the measures',
    examplesJa: ['定期的な自己点検又は他部署等による監査', '外部の主体による監査と合わせた監査'],
    records: ['results of self-checks and audits', 'corrective actions'],
  }),
];

const PEOPLE: readonly Safeguard[] = [
  fromKnowledge({
    code: 'D-a',
    category: 'D',
    nameJa: '事務取扱担当者の監督',
    nameEn: 'Supervision of handlers',
    examplesJa: ['取扱規程等に基づき適正に取り扱われるよう必要かつ適切な監督を行う'],
    records: ['sign-off of log reviews by a supervisor'],
  }),
  fromKnowledge({
    code: 'D-b',
    category: 'D',
    nameJa: '事務取扱担当者の教育',
    nameEn: 'Education of handlers',
    examplesJa: ['従業者への定期的な研修等', '秘密保持に関する事項を就業規則等に盛り込む'],
    records: ['training of each handler in each period', 'pledge of confidentiality'],
  }),
];

/** Preparation and categories A to D. */
export const ORGANISATIONAL_SAFEGUARDS: readonly Safeguard[] = [
  ...PREPARATION,
  ...POLICY,
  ...ORGANISATION,
  ...PEOPLE,
];
