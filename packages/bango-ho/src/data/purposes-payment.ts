import type { Purpose } from '../purpose.ts';
import { statedBy, toBeChecked } from './provenance-of.ts';
import { ORDINARY } from './purposes-tax.ts';
import * as at from './source-addresses.ts';

/** Purposes of whoever pays fees, rents, dividends: the payment records (支払調書) of 所得税法225条. */
export const PAYMENT_PURPOSES: readonly Purpose[] = [
  {
    code: 'PAY-309',
    nameJa: '報酬、料金、契約金及び賞金の支払調書作成事務',
    nameEn: 'Payment record of fees',
    subjects: ['P'],
    documents: ['chosho_309', 'chosho_copy'],
    legalBasis: '所得税法225条1項3号',
    ...ORDINARY,
    ...statedBy('所得税法225条1項3号', [at.ETAX_LAYOUT_NOTES, at.STATUTORY_SLIPS]),
  },
  {
    code: 'PAY-313',
    nameJa: '不動産の使用料等の支払調書作成事務',
    nameEn: 'Payment record of real-estate rent',
    subjects: ['P'],
    documents: ['chosho_313', 'chosho_copy'],
    legalBasis: '所得税法225条1項9号',
    ...ORDINARY,
    ...statedBy('所得税法225条1項9号', [at.ETAX_LAYOUT_NOTES]),
  },
  {
    code: 'PAY-376',
    nameJa: '不動産等の譲受けの対価の支払調書作成事務',
    nameEn: 'Payment record of real-estate purchase',
    subjects: ['P'],
    documents: ['chosho_376', 'chosho_copy'],
    legalBasis: '所得税法225条1項9号',
    ...ORDINARY,
    ...statedBy('所得税法225条1項9号', [at.ETAX_LAYOUT_NOTES]),
  },
  {
    code: 'PAY-314',
    nameJa: '不動産等の売買又は貸付けのあっせん手数料の支払調書作成事務',
    nameEn: 'Payment record of real-estate brokerage fees',
    subjects: ['P'],
    documents: ['chosho_314', 'chosho_copy'],
    legalBasis: '所得税法225条1項9号',
    ...ORDINARY,
    ...statedBy('所得税法225条1項9号', [at.ETAX_LAYOUT_NOTES]),
  },
  {
    code: 'PAY-DIV',
    nameJa: '配当、剰余金の分配等の支払調書作成事務',
    nameEn: 'Payment record of dividends',
    subjects: ['H'],
    documents: ['chosho_haito', 'chosho_copy'],
    legalBasis: '所得税法225条1項2号',
    ...ORDINARY,
    ...toBeChecked('所得税法225条1項2号', 'no published source was compared'),
  },
  {
    code: 'PAY-SO',
    nameJa: '特定新株予約権の付与に関する調書等作成事務',
    nameEn: 'Record of stock options granted',
    subjects: ['E', 'H'],
    documents: ['chosho_so', 'chosho_copy'],
    legalBasis: '租税特別措置法29条の2',
    ...ORDINARY,
    ...toBeChecked('租税特別措置法29条の2', 'no published source was compared'),
  },
];
