import type { IdentityCheck, NumberCheck, VerificationDuty } from '../verification-method.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const READ = [at.NTA_VERIFICATION_HANDBOOK, at.VERIFICATION_GUIDE];
const ARTICLE = '番号法16条; 番号法施行令12条';
const UPDATE = 'taken from general knowledge of later changes';

/** 番号確認. */
export const NUMBER_CHECKS: readonly NumberCheck[] = [
  {
    code: 'N1',
    nameJa: '個人番号カード（裏面）',
    nameEn: 'Individual Number Card, back',
    channels: null,
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'N2',
    nameJa: '通知カード（記載事項が住民票と一致する場合に限る）',
    nameEn: 'Notice card whose particulars still agree with the residence record',
    channels: null,
    ...statedBy(ARTICLE, READ, 'no notice card has been issued since 2020-05-25'),
  },
  {
    code: 'N3',
    nameJa: '住民票の写し・住民票記載事項証明書（個人番号付き）',
    nameEn: 'Residence certificate with the number',
    channels: null,
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'N4',
    nameJa: '過去に本人確認の上作成した特定個人情報ファイル',
    nameEn: 'File made when the number was verified before',
    channels: null,
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'N5',
    nameJa: 'カード代替電磁的記録',
    nameEn: 'Electronic record standing for the card',
    channels: null,
    ...toBeChecked(ARTICLE, `${UPDATE}; the day in 2025 is not established`),
    effectiveFrom: '2025-01-01',
  },
  {
    code: 'N6',
    nameJa: 'ICチップ読み取り・公的個人認証',
    nameEn: 'Chip read, or public personal authentication',
    channels: null,
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'N7',
    nameJa: '特定在留カード等',
    nameEn: 'Residence card that is also an Individual Number Card',
    channels: null,
    ...toBeChecked(ARTICLE, UPDATE),
    effectiveFrom: '2026-06-14',
  },
];

/** 身元確認. */
export const IDENTITY_CHECKS: readonly IdentityCheck[] = [
  {
    code: 'I1',
    nameJa: '個人番号カード（表面）',
    nameEn: 'Individual Number Card, front',
    channels: null,
    documentsJa: ['個人番号カード'],
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'I2',
    nameJa: '写真付きの公的な証明書（1点）',
    nameEn: 'One public document with a photograph',
    channels: null,
    documentsJa: [
      '運転免許証',
      '運転経歴証明書',
      '旅券',
      '身体障害者手帳',
      '在留カード',
      '特別永住者証明書',
    ],
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'I3',
    nameJa: '個人番号利用事務実施者が適当と認める写真付き書類',
    nameEn:
      'Document with a photograph that the authority accepts (name, and birth date or address)',
    channels: null,
    documentsJa: [],
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'I4',
    nameJa: '写真のない書類（2点）',
    nameEn: 'Two documents without a photograph',
    channels: null,
    documentsJa: ['資格確認書', '基礎年金番号通知書', '児童扶養手当証書'],
    ...toBeChecked(
      ARTICLE,
      '健康保険証 no longer counts after 2025-12-01; the list is not compared',
    ),
  },
  {
    code: 'I5',
    nameJa: '雇用関係にあること等から本人に相違ないことが明らか（身元確認書類の省略）',
    nameEn: 'Known by employment: verified when hired, recognised face to face',
    channels: ['face-to-face'],
    documentsJa: [],
    ...statedBy(ARTICLE, READ),
  },
  {
    code: 'I6',
    nameJa: '公的個人認証',
    nameEn: 'Public personal authentication',
    channels: null,
    documentsJa: [],
    ...statedBy(ARTICLE, READ),
  },
];

const BY_OPERATOR = statedBy('番号法16条', READ);
const BY_EMPLOYEE = statedBy('番号法16条; 所得税法194条', [at.DEPENDANT_VERIFICATION]);

/** Who must verify. A row for the purpose goes before the row for all purposes. */
export const VERIFICATION_DUTIES: readonly VerificationDuty[] = [
  { purpose: '*', subject: 'E', requiredBy: 'operator', ...BY_OPERATOR },
  { purpose: '*', subject: 'P', requiredBy: 'operator', ...BY_OPERATOR },
  { purpose: '*', subject: 'H', requiredBy: 'operator', ...BY_OPERATOR },
  { purpose: '*', subject: 'D', requiredBy: 'employee', ...BY_EMPLOYEE },
  {
    purpose: 'SI-DEP',
    subject: 'D',
    requiredBy: 'operator',
    ...toBeChecked(
      '番号法16条; 健康保険法施行規則38条',
      'the employee may be the one who verifies',
    ),
  },
  {
    purpose: 'SI-NP3',
    subject: 'S3',
    requiredBy: 'proxy',
    ...statedBy('番号法16条; 国民年金法12条; PPC Q&A Q6-2-2・Q1-12', [at.DEPENDANT_VERIFICATION]),
  },
];
