import type { Purpose } from '../purpose.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const NO_SOURCE = 'no published source was compared';

/** What every ordinary purpose has: all operations, all the year, on unless a tenant turns it off. */
export const ORDINARY = {
  operations: ['store', 'disclose', 'fill', 'match'],
  season: null,
  enabledByDefault: true,
} as const satisfies Partial<Purpose>;

/** Purposes an employer has towards the tax offices and the municipalities. */
export const TAX_PURPOSES: readonly Purpose[] = [
  {
    code: 'TAX-WITHHOLD',
    nameJa: '給与所得の源泉徴収票・給与支払報告書作成事務',
    nameEn: 'Withholding slip and salary payment report',
    subjects: ['E', 'D'],
    documents: ['gensen', 'kyuho', 'gensen_copy', 'kyuho_copy'],
    legalBasis: '所得税法226条1項; 地方税法317条の6',
    ...ORDINARY,
    ...statedBy('所得税法226条1項; 地方税法317条の6; PPC Q&A (利用目的の特定)', [
      at.SECOM_PURPOSES,
      at.BUSINESS_LAWYERS_PURPOSES,
      at.MMA_FAQ,
    ]),
  },
  {
    code: 'TAX-RETIRE',
    nameJa: '退職所得の源泉徴収票・特別徴収票作成事務',
    nameEn: 'Retirement income slip',
    subjects: ['E'],
    documents: ['taishoku_gensen', 'gensen_copy'],
    legalBasis: '所得税法226条2項; 地方税法328条の14',
    ...ORDINARY,
    ...statedBy('所得税法226条2項; 地方税法328条の14', [at.RETIREMENT_SLIPS_2026, at.TEES_FAQ]),
  },
  {
    code: 'TAX-DECL-DEP',
    nameJa: '扶養控除等（異動）申告書・従たる給与についての扶養控除等（異動）申告書に関する事務',
    nameEn: 'Declaration of dependants',
    subjects: ['E', 'D'],
    documents: ['fuyo', 'juutaru'],
    legalBasis: '所得税法194条・195条',
    ...ORDINARY,
    ...statedBy('所得税法194条・195条', [at.DECLARATION_DEADLINES, at.DECLARATION_KEEPING]),
  },
  {
    code: 'TAX-DECL-YEA',
    nameJa: '基礎控除・配偶者控除等・特定親族特別控除・所得金額調整控除申告書に関する事務',
    nameEn: 'Year-end adjustment declarations',
    subjects: ['E', 'D'],
    documents: ['kiso', 'haigusha', 'tokutei_shinzoku', 'chosei'],
    legalBasis: '所得税法195条の2・195条の3 他',
    ...ORDINARY,
    ...toBeChecked('所得税法195条の2・195条の3 他', NO_SOURCE),
  },
  {
    code: 'TAX-DECL-RET',
    nameJa: '退職所得の受給に関する申告書に関する事務',
    nameEn: 'Declaration on the receipt of retirement income',
    subjects: ['E'],
    documents: ['taishoku', 'taishoku_dc_rourei_ichijikin'],
    legalBasis: '所得税法203条',
    ...ORDINARY,
    ...statedBy('所得税法203条', [at.DECLARATION_DEADLINES]),
  },
  {
    code: 'TAX-BOOK',
    nameJa: '扶養控除等申告書の番号記載省略のための帳簿の備付け',
    nameEn: 'Book that lets declarations omit the number',
    subjects: ['E', 'D'],
    documents: ['vault_number_record'],
    legalBasis: '所得税法198条; 所得税法施行規則76条の2・76条の3',
    ...ORDINARY,
    ...statedBy(
      '所得税法198条; 国税庁FAQ Q1-3-7 (2016-09-09)',
      [at.NTA_BOOK_QUOTED],
      'the exact paragraph of 所得税法施行規則76条の2・76条の3 is not established',
    ),
  },
  {
    code: 'TAX-LOCAL',
    nameJa: '給与所得者異動届出書・特別徴収切替届等に関する事務',
    nameEn: 'Resident-tax change notices',
    subjects: ['E'],
    documents: ['ido_todoke', 'kirikae'],
    legalBasis: '地方税法施行規則 様式',
    ...ORDINARY,
    ...toBeChecked('地方税法施行規則 様式', NO_SOURCE),
  },
];
