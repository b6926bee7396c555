import type { FormLayout, NumberColumn } from '../form-layout.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const NOT_FOUND = 'the columns that bear a number are not established';

function column(place: number, holderJa: string): NumberColumn {
  return { column: place, holderJa, content: 'number', confidence: 'confirmed-secondary' };
}

/** 統一CSV, record 315, as of the reform of 2020. */
const COLUMNS_315: readonly NumberColumn[] = [
  { ...column(94, '提出義務者'), content: 'number-or-corporate' },
  column(95, '支払を受ける者'),
  column(99, '控除対象配偶者'),
  ...[103, 107, 111, 115].map((place, n) => column(place, `控除対象扶養親族${n + 1}`)),
  ...[119, 123, 127, 131].map((place, n) => column(place, `16歳未満の扶養親族${n + 1}`)),
  // Publications write the list differently: no cell may be filled before the format is confirmed.
  {
    column: 132,
    holderJa: '5人目以降の控除対象扶養親族',
    content: 'list',
    confidence: 'needs-check',
  },
  {
    column: 133,
    holderJa: '5人目以降の16歳未満の扶養親族',
    content: 'list',
    confidence: 'needs-check',
  },
];

const SALARY: readonly FormLayout[] = [
  {
    form: '315',
    nameJa: '給与支払報告書・源泉徴収票 統一CSV',
    layoutVersion: '2020',
    firstYear: 2020,
    lastYear: 2024,
    length: 144,
    columns: COLUMNS_315,
    ...statedBy('eLTAX 統一CSV レイアウト (令和2年分以後)', [at.JP_PAYREPORT, at.ABASHIRI_315]),
  },
  {
    form: '315',
    nameJa: '給与支払報告書・源泉徴収票 統一CSV',
    layoutVersion: '2025',
    firstYear: 2025,
    lastYear: null,
    length: null,
    columns: COLUMNS_315.map((row) => ({ ...row, confidence: 'needs-check' as const })),
    ...toBeChecked(
      'eLTAX 統一CSV レイアウト (令和7年分以後)',
      '特定親族特別控除 added items: the length is unknown and the columns probably, not surely, stayed',
    ),
  },
];

function unknownRecord(form: string, nameJa: string): FormLayout {
  const reach = { firstYear: 2016, lastYear: null, length: null, columns: null };
  const citation = form === 'EI' ? 'e-Gov 雇用保険届出 CSV' : '国税庁 法定調書 CSV';
  return { form, nameJa, layoutVersion: 'unknown', ...reach, ...toBeChecked(citation, NOT_FOUND) };
}

const TAX_OFFICE: readonly FormLayout[] = [
  {
    ...unknownRecord('375', '給与所得の源泉徴収票'),
    ...toBeChecked('国税庁 法定調書 CSV', 'only the leading items are known', [at.LAYOUT_375]),
  },
  unknownRecord('316', '退職所得の源泉徴収票'),
  unknownRecord('309', '報酬、料金、契約金及び賞金の支払調書'),
  unknownRecord('313', '不動産の使用料等の支払調書'),
  unknownRecord('376', '不動産等の譲受けの対価の支払調書'),
  unknownRecord('314', '不動産等の売買又は貸付けのあっせん手数料の支払調書'),
];

const SPEC = '日本年金機構 届書作成仕様書 第16.2版 (令和8年3月)';
const pensionOffice = { layoutVersion: '16.2', firstYear: 2026, lastYear: null } as const;

const PENSION_OFFICE: readonly FormLayout[] = [
  {
    form: '2200700',
    nameJa: '資格取得届',
    ...pensionOffice,
    length: 34,
    columns: [column(13, '被保険者')],
    ...statedBy(SPEC, [at.RAKUALLY]),
  },
  {
    form: '2201700',
    nameJa: '資格喪失届',
    ...pensionOffice,
    length: 27,
    columns: [column(11, '被保険者')],
    ...statedBy(SPEC, [at.RAKUALLY]),
  },
  {
    form: '2202700',
    nameJa: '被扶養者（異動）届・国民年金第3号被保険者関係届',
    ...pensionOffice,
    length: 139,
    columns: [
      column(14, '被保険者'),
      column(29, '配偶者（第3号被保険者）'),
      column(78, 'その他の被扶養者1'),
      { ...column(111, 'その他の被扶養者2'), confidence: 'needs-check' },
    ],
    ...statedBy(SPEC, [at.RAKUALLY], 'column 111 is derived, not read'),
  },
  {
    form: '2225700',
    nameJa: '算定基礎届',
    ...pensionOffice,
    length: 53,
    columns: [column(40, '被保険者')],
    ...statedBy(SPEC, [at.RAKUALLY, at.KIRICO]),
  },
  {
    form: '2221700',
    nameJa: '月額変更届',
    ...pensionOffice,
    length: 49,
    columns: [column(40, '被保険者')],
    ...statedBy(SPEC, [at.RAKUALLY, at.KIRICO]),
  },
  {
    form: '2265700',
    nameJa: '賞与支払届',
    ...pensionOffice,
    length: 21,
    columns: [column(15, '被保険者')],
    ...statedBy(SPEC, [at.RAKUALLY, at.KIRICO]),
  },
];

/** The layouts of the forms that bear numbers. */
export const LAYOUTS: readonly FormLayout[] = [
  ...SALARY,
  ...TAX_OFFICE,
  ...PENSION_OFFICE,
  unknownRecord('EI', '雇用保険 資格取得届・資格喪失届 等'),
];
