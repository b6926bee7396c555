import type { LawDocument } from '../document.ts';
import { kept, unruled, unsure } from './document-of.ts';
import { statedBy } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const LABOUR = statedBy('雇用保険法施行規則143条; 労働者災害補償保険法施行規則51条', [
  at.LABOUR_KEEPING,
  at.LABOUR_KEEPING_2,
]);
const INSURANCE = statedBy('健康保険法施行規則; 厚生年金保険法施行規則', [at.RAKUALLY, at.KIRICO]);

/** What stays in the house. */
const HELD: readonly LawDocument[] = [
  kept(['gensen_copy', '源泉徴収票の控え', 'Copy of a withholding slip'], unsure('PPC Q&A')),
  kept(
    ['kyuho_copy', '給与支払報告書の控え', 'Copy of a salary payment report'],
    unsure('PPC Q&A'),
  ),
  kept(['chosho_copy', '支払調書の控え', 'Copy of a payment record'], unsure('PPC Q&A')),
  kept(
    ['vault_number_record', '番号記載省略のための帳簿', 'Number record kept as the book'],
    statedBy('国税庁FAQ Q1-3-7 (2016-09-09)', [at.NTA_BOOK_QUOTED]),
  ),
  kept(['kenpo', '健康保険の届書の控え', 'Health insurance notices'], INSURANCE),
  kept(['kounen', '厚生年金保険の届書の控え', 'Pension insurance notices'], INSURANCE),
  kept(['hifuyosha', '被扶養者（異動）届の控え', 'Notice of dependants'], INSURANCE),
  kept(['np3', '国民年金第3号被保険者関係届の控え', 'Category-3 notices'], INSURANCE),
  kept(
    ['ei_insured', '雇用保険被保険者に関する書類', 'Employment insurance papers of the insured'],
    LABOUR,
  ),
  kept(
    ['ei_benefit', '雇用継続給付等に関する書類', 'Employment insurance benefit papers'],
    unsure('雇用保険法施行規則143条'),
  ),
  kept(['ei_other', 'その他の雇用保険に関する書類', 'Other employment insurance papers'], LABOUR),
  kept(['rousai', '労災保険に関する書類', 'Accident compensation papers'], LABOUR),
  kept(['choshu', '労働保険徴収に関する書類', 'Labour insurance premium papers'], LABOUR),
  kept(
    [
      'koyo_shoribo',
      '雇用保険被保険者関係届出事務等処理簿',
      'Ledger of employment insurance notices',
    ],
    LABOUR,
  ),
  kept(
    ['zaikei', '財形非課税申告書等の写し・帳簿', 'Asset-formation savings papers'],
    unsure('租税特別措置法施行規則'),
  ),
  kept(
    ['id_images', '本人確認書類の写し', 'Copies of identity documents'],
    statedBy('PPC Q&A Q6-2', [at.IDENTITY_DOCUMENT_COPIES]),
  ),
  unruled(['ido_todoke', '給与所得者異動届出書', 'Resident-tax change notice'], '地方税法施行規則'),
  unruled(['kirikae', '特別徴収切替届', 'Switch to special collection'], '地方税法施行規則'),
  unruled(['mochikabukai', '従業員持株会に関する書類', 'Stock club papers'], '番号法10条'),
  unruled(
    ['kigyo_nenkin', '企業年金に関する書類', 'Corporate pension papers'],
    '確定給付企業年金法; 確定拠出年金法',
  ),
];

/** What must never carry the number. */
const NUMBERLESS: readonly LawDocument[] = [
  {
    ...unruled(
      ['gensen_honnin', '源泉徴収票（本人交付用）', 'Withholding slip given to the employee'],
      '本人交付用の源泉徴収票には番号を記載しない (2016年以後)',
    ),
    number: 'forbidden',
  },
  {
    ...kept(
      [
        'chosho_honnin',
        '支払調書の写し（支払を受ける者へ交付）',
        'Payment record given to the payee',
      ],
      statedBy('番号法19条', [at.STATUTORY_SLIPS]),
    ),
    number: 'forbidden',
    retention: 'not-established',
  },
  {
    ...kept(['roudousha_meibo', '労働者名簿', 'Roll of workers'], unsure('労働基準法109条')),
    number: 'forbidden',
  },
  {
    ...kept(['chingin_daicho', '賃金台帳', 'Wage ledger'], unsure('労働基準法109条')),
    number: 'forbidden',
  },
];

/** What stays in the house, with the number or without. */
export const KEPT_DOCUMENTS: readonly LawDocument[] = [...HELD, ...NUMBERLESS];
