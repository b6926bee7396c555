import type { Safeguard } from '../safeguard.ts';
import { fromKnowledge, published } from './safeguard-of.ts';
import * as at from './source-addresses.ts';

const PREMISES: readonly Safeguard[] = [
  fromKnowledge({
    code: 'E-a',
    category: 'E',
    nameJa: '特定個人情報等を取り扱う区域の管理',
    nameEn: 'Controlled area (管理区域) and handling area (取扱区域)',
    examplesJa: [
      '管理区域: 入退室管理及び持ち込む機器等の制限',
      '入退室管理方法: ICカード、ナンバーキー等',
      '取扱区域: 壁又は間仕切り等の設置及び座席配置の工夫',
    ],
    records: ['register of areas', 'entry log', 'terminals of each area'],
  }),
  fromKnowledge({
    code: 'E-b',
    category: 'E',
    nameJa: '機器及び電子媒体等の盗難等の防止',
    nameEn: 'Theft of devices, media and papers',
    examplesJa: ['施錠できるキャビネット・書庫等に保管', 'セキュリティワイヤー等による固定'],
    records: ['asset register'],
  }),
  fromKnowledge({
    code: 'E-c',
    category: 'E',
    nameJa: '電子媒体等の取扱いにおける漏えい等の防止',
    nameEn: 'Leaks while media or papers are carried, inside the office too',
    examplesJa: [
      '持ち運ぶデータの暗号化、パスワードによる保護',
      '施錠できる搬送容器の使用',
      '書類等の封緘、目隠しシールの貼付',
      '追跡可能な移送手段の利用',
      '行政機関等への提出は、その指定する方法に従う',
    ],
    records: ['transfer manifest: who, when, carrier, count, seal, receiver'],
  }),
  published(
    {
      code: 'E-d',
      category: 'E',
      nameJa: '個人番号の削除、機器及び電子媒体等の廃棄',
      nameEn: 'Deletion of numbers, disposal of devices and media',
      examplesJa: [
        '書類等: 焼却又は溶解等の復元不可能な手段',
        '機器及び電子媒体等: 専用のデータ削除ソフトウェアの利用又は物理的な破壊等',
        'ファイル中の個人番号: 容易に復元できない手段による削除',
        '保存期間経過後の削除を前提とした情報システムの構築',
      ],
      records: ['deletion record', 'certificate where disposal was outsourced'],
    },
    [at.DISPOSAL_GUIDE],
  ),
];

const TECHNICAL: readonly Safeguard[] = [
  fromKnowledge({
    code: 'F-a',
    category: 'F',
    nameJa: 'アクセス制御',
    nameEn: 'Access control',
    examplesJa: [
      '個人番号と紐付けてアクセスできる情報の範囲の限定',
      '特定個人情報ファイルを取り扱う情報システムの限定',
      'ユーザーIDに付与するアクセス権により、使用できる者を事務取扱担当者に限定',
    ],
    records: ['history of rights'],
  }),
  fromKnowledge({
    code: 'F-b',
    category: 'F',
    nameJa: 'アクセス者の識別と認証',
    nameEn: 'Identification and authentication',
    examplesJa: ['ユーザーID、パスワード、磁気・ICカード等'],
    records: ['sign-ins with the method of authentication'],
  }),
  fromKnowledge({
    code: 'F-c',
    category: 'F',
    nameJa: '外部からの不正アクセス等の防止',
    nameEn: 'Attacks from outside',
    examplesJa: [
      'ファイアウォール等の設置',
      'セキュリティ対策ソフトウェア等の導入',
      '入出力データにおける不正ソフトウェアの有無の確認',
      '自動更新機能等による最新状態の維持',
      'ログ等の定期的な分析による不正アクセス等の検知',
    ],
    records: ['reports of log analysis'],
  }),
  fromKnowledge({
    code: 'F-d',
    category: 'F',
    nameJa: '漏えい等の防止',
    nameEn: 'Leaks in transit and at rest',
    examplesJa: ['通信経路の暗号化', '保存するデータの暗号化又はパスワードによる保護'],
    records: ['inventory of cryptography'],
  }),
  fromKnowledge({
    code: 'G',
    category: 'G',
    nameJa: '外的環境の把握',
    nameEn: 'Regime of a foreign country where numbers are handled',
    examplesJa: ['外国の個人情報の保護に関する制度等を把握した上で必要かつ適切な措置を講じる'],
    records: ['register of places: region, operator, law'],
  }),
];

/** Categories E to G. */
export const TECHNICAL_SAFEGUARDS: readonly Safeguard[] = [...PREMISES, ...TECHNICAL];
