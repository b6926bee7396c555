import type { LawDocument } from '../document.ts';
import { filed, unsure } from './document-of.ts';
import { statedBy } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const PAYMENT_RECORD = statedBy('所得税法225条・226条', [at.ETAX_LAYOUT_NOTES, at.STATUTORY_SLIPS]);

/** Slips and payment records that go to the authorities. */
export const FILED_DOCUMENTS: readonly LawDocument[] = [
  filed(['gensen', '給与所得の源泉徴収票', 'Withholding slip'], 'gensen_copy', PAYMENT_RECORD),
  filed(
    ['kyuho', '給与支払報告書', 'Salary payment report'],
    'kyuho_copy',
    unsure('地方税法317条の6'),
  ),
  filed(
    ['taishoku_gensen', '退職所得の源泉徴収票・特別徴収票', 'Retirement income slip'],
    'gensen_copy',
    PAYMENT_RECORD,
  ),
  filed(
    ['chosho_309', '報酬、料金、契約金及び賞金の支払調書', 'Payment record of fees'],
    'chosho_copy',
    PAYMENT_RECORD,
  ),
  filed(
    ['chosho_313', '不動産の使用料等の支払調書', 'Payment record of rent'],
    'chosho_copy',
    PAYMENT_RECORD,
  ),
  filed(
    ['chosho_376', '不動産等の譲受けの対価の支払調書', 'Payment record of real-estate purchase'],
    'chosho_copy',
    PAYMENT_RECORD,
  ),
  filed(
    [
      'chosho_314',
      '不動産等の売買又は貸付けのあっせん手数料の支払調書',
      'Payment record of brokerage fees',
    ],
    'chosho_copy',
    PAYMENT_RECORD,
  ),
  filed(
    ['chosho_haito', '配当、剰余金の分配等の支払調書', 'Payment record of dividends'],
    'chosho_copy',
    unsure('所得税法225条1項2号'),
  ),
  filed(
    ['chosho_so', '特定新株予約権の付与に関する調書', 'Record of stock options granted'],
    'chosho_copy',
    unsure('租税特別措置法29条の2'),
  ),
];
