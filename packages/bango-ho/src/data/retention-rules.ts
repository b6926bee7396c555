import type { Period, RetentionRule } from '../retention-rule.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const years = (count: number): Period => ({ unit: 'years', count });
const days = (count: number): Period => ({ unit: 'days', count });

const LABOUR = [at.LABOUR_KEEPING, at.LABOUR_KEEPING_2, at.LABOUR_KEEPING_3];

/** Tax declarations, and the book that lets them omit the number. */
const TAX_RULES: readonly RetentionRule[] = [
  {
    code: 'R-TAX7',
    documents: [
      'fuyo',
      'juutaru',
      'haigusha',
      'kiso',
      'tokutei_shinzoku',
      'chosei',
      'hoken',
      'jutaku',
      'taishoku',
    ],
    nature: 'duty',
    period: years(7),
    clock: 'JAN10_AFTER_DEADLINE_YEAR',
    ...statedBy('所得税法施行規則76条の3 (扶養控除等), 同77条系 (退職所得); 国税庁 No.2503', [
      at.DECLARATION_DEADLINES,
      at.DECLARATION_KEEPING,
    ]),
  },
  {
    code: 'R-TAX10',
    documents: ['taishoku_dc_rourei_ichijikin'],
    nature: 'duty',
    period: years(10),
    clock: 'JAN10_AFTER_DEADLINE_YEAR',
    ...statedBy('令和7年度税制改正 (老齢一時金の退職所得の受給に関する申告書)', [
      at.RETIREMENT_SLIPS_2026,
      at.TEES_FAQ,
    ]),
    effectiveFrom: '2026-01-01',
  },
  {
    code: 'R-BOOK',
    documents: ['vault_number_record'],
    nature: 'duty',
    period: years(7),
    clock: 'JAN10_AFTER_LAST_OMITTED_FORM_DEADLINE_YEAR',
    ...statedBy('国税庁FAQ Q1-3-7 (2016-09-09)', [at.NTA_BOOK_QUOTED]),
  },
];

/** Employment, accident and health insurance; labour-insurance premiums. */
const INSURANCE_RULES: readonly RetentionRule[] = [
  {
    code: 'R-EI4',
    documents: ['ei_insured'],
    nature: 'duty',
    period: years(4),
    clock: 'COMPLETION_LEFT_ESTABLISHMENT',
    ...statedBy('雇用保険法施行規則143条', LABOUR),
  },
  {
    code: 'R-EI4B',
    documents: ['ei_benefit'],
    nature: 'duty',
    period: years(4),
    clock: 'COMPLETION_OF_BENEFIT',
    ...toBeChecked(
      '雇用保険法施行規則143条',
      'whether the clock of benefit papers starts with the procedure or with leaving',
    ),
  },
  {
    code: 'R-EI2',
    documents: ['ei_other'],
    nature: 'duty',
    period: years(2),
    clock: 'COMPLETION',
    ...statedBy('雇用保険法施行規則143条', LABOUR),
  },
  {
    code: 'R-HP2',
    documents: ['kenpo', 'kounen', 'hifuyosha'],
    nature: 'duty',
    period: years(2),
    clock: 'COMPLETION',
    ...toBeChecked(
      '健康保険法施行規則34条; 厚生年金保険法施行規則28条',
      'the period is published; the article numbers are not compared',
    ),
  },
  {
    code: 'R-NP3',
    documents: ['np3'],
    nature: 'duty',
    period: years(2),
    clock: 'COMPLETION',
    ...toBeChecked('健康保険法施行規則34条に準ずる扱い', 'no rule of its own is established'),
  },
  {
    code: 'R-WC3',
    documents: ['rousai'],
    nature: 'duty',
    period: years(3),
    clock: 'COMPLETION',
    ...statedBy('労働者災害補償保険法施行規則51条', [...LABOUR, at.ACCIDENT_KEEPING]),
  },
  {
    code: 'R-LC3',
    documents: ['choshu'],
    nature: 'duty',
    period: years(3),
    clock: 'COMPLETION',
    ...statedBy(
      '労働保険の保険料の徴収等に関する法律施行規則72条',
      LABOUR,
      'one publication gives article 70',
    ),
  },
  {
    code: 'R-LC4',
    documents: ['koyo_shoribo'],
    nature: 'duty',
    period: years(4),
    clock: 'COMPLETION',
    ...statedBy(
      '労働保険の保険料の徴収等に関する法律施行規則72条 (雇用保険被保険者関係届出事務等処理簿)',
      LABOUR,
      'one publication gives article 70',
    ),
  },
];

/** Papers no law orders to keep with the number, or whose rule is in doubt. */
const OTHER_RULES: readonly RetentionRule[] = [
  {
    code: 'R-LSA',
    documents: ['roudousha_meibo', 'chingin_daicho'],
    nature: 'duty',
    period: years(3),
    clock: 'COMPLETION',
    ...statedBy(
      '労働基準法109条・附則143条 (5年、当分の間3年)',
      LABOUR,
      'five years once the transitional measure of 附則143条 ends',
    ),
  },
  {
    code: 'R-COPY7',
    documents: ['chosho_copy', 'gensen_copy', 'kyuho_copy'],
    nature: 'maximum',
    period: years(7),
    clock: 'FILED_AT',
    ...toBeChecked(
      'PPC Q&A (旧番号 Q6-4-2)',
      'no duty to keep; seven years is the most, in view of the limits of tax reassessment',
    ),
  },
  {
    code: 'R-ZAIKEI',
    documents: ['zaikei'],
    nature: 'duty',
    period: years(5),
    clock: 'UNKNOWN',
    ...toBeChecked('租税特別措置法施行規則', 'neither the period nor its start is established'),
  },
  {
    code: 'R-IDIMG',
    documents: ['id_images'],
    nature: 'maximum',
    period: days(30),
    clock: 'VERIFIED_AT',
    ...statedBy(
      'PPC Q&A Q6-2 (保存の義務なし)',
      [at.IDENTITY_DOCUMENT_COPIES],
      'thirty days is the policy of this product, not a period of law',
    ),
  },
];

/** The table of retention rules. */
export const RETENTION_RULES: readonly RetentionRule[] = [
  ...TAX_RULES,
  ...INSURANCE_RULES,
  ...OTHER_RULES,
];
