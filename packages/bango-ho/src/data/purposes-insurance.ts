import type { Purpose } from '../purpose.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import { ORDINARY } from './purposes-tax.ts';
import * as at from './source-addresses.ts';

const NO_SOURCE = 'no published source was compared';

/** Purposes towards the pension office, the employment office and savings schemes. */
export const INSURANCE_PURPOSES: readonly Purpose[] = [
  {
    code: 'SI-HP',
    nameJa: '健康保険・厚生年金保険届出事務',
    nameEn: 'Health and pension insurance notices',
    subjects: ['E'],
    documents: ['kenpo', 'kounen'],
    legalBasis: '健康保険法施行規則24条・29条; 厚生年金保険法施行規則15条・22条',
    ...ORDINARY,
    ...statedBy('健康保険法施行規則24条・29条; 厚生年金保険法施行規則15条・22条', [
      at.RAKUALLY,
      at.KIRICO,
    ]),
  },
  {
    code: 'SI-DEP',
    nameJa: '被扶養者（異動）届に関する事務',
    nameEn: 'Health insurance dependants',
    subjects: ['E', 'D'],
    documents: ['hifuyosha'],
    legalBasis: '健康保険法施行規則38条',
    ...ORDINARY,
    ...statedBy('健康保険法施行規則38条', [at.RAKUALLY]),
  },
  {
    code: 'SI-NP3',
    nameJa: '国民年金第3号被保険者関係届に関する事務',
    nameEn: 'Category-3 insured spouses',
    subjects: ['S3'],
    documents: ['np3'],
    legalBasis: '国民年金法12条',
    ...ORDINARY,
    ...statedBy('国民年金法12条', [at.RAKUALLY, at.DEPENDANT_VERIFICATION]),
  },
  {
    code: 'EI',
    nameJa: '雇用保険届出事務',
    nameEn: 'Employment insurance notices',
    subjects: ['E'],
    documents: ['ei_insured', 'ei_benefit', 'ei_other'],
    legalBasis: '雇用保険法施行規則6条・7条・101条の5・101条の19・101条の30 他',
    ...ORDINARY,
    ...toBeChecked('雇用保険法施行規則6条・7条・101条の5・101条の19・101条の30 他', NO_SOURCE),
  },
  {
    code: 'WC',
    nameJa: '労災保険給付に関する事務',
    nameEn: "Workers' accident compensation",
    subjects: ['E'],
    documents: ['rousai'],
    legalBasis: '労働者災害補償保険法施行規則',
    ...ORDINARY,
    // The worker normally submits; the employer acts, if at all, as a proxy.
    enabledByDefault: false,
    ...toBeChecked(
      '労働者災害補償保険法施行規則',
      'the employer is generally not a 個人番号関係事務実施者 here; only as a proxy of the worker',
    ),
  },
  {
    code: 'ZAIKEI',
    nameJa: '財産形成住宅貯蓄・財産形成年金貯蓄の非課税申告書等提出事務',
    nameEn: 'Asset-formation savings',
    subjects: ['E'],
    documents: ['zaikei'],
    legalBasis: '租税特別措置法4条の2・4条の3',
    ...ORDINARY,
    ...toBeChecked('租税特別措置法4条の2・4条の3', NO_SOURCE),
  },
  {
    code: 'ESOP',
    nameJa: '従業員持株会に関する支払調書作成事務の受託',
    nameEn: 'Employee stock club (as its outsourcee)',
    subjects: ['E', 'H'],
    documents: ['mochikabukai'],
    legalBasis: '持株会からの委託 (番号法10条)',
    ...ORDINARY,
    ...toBeChecked(
      '番号法10条 (持株会は別の主体)',
      'the club is an entity of its own: the company needs a consignment from it',
    ),
  },
  {
    code: 'PENSION-CORP',
    nameJa: '企業年金関係事務',
    nameEn: 'Corporate pensions',
    subjects: ['E'],
    documents: ['kigyo_nenkin'],
    legalBasis: '確定給付企業年金法; 確定拠出年金法',
    ...ORDINARY,
    ...toBeChecked('確定給付企業年金法; 確定拠出年金法', 'no article is established'),
  },
];
