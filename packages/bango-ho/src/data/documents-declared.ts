import type { LawDocument } from '../document.ts';
import { kept } from './document-of.ts';
import { statedBy } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const DECLARATION = statedBy('所得税法194条・195条・203条; 国税庁 No.2503', [
  at.DECLARATION_DEADLINES,
  at.DECLARATION_KEEPING,
]);

/** Declarations the individual hands to the employer, who keeps them. */
export const DECLARATIONS: readonly LawDocument[] = [
  kept(['fuyo', '給与所得者の扶養控除等（異動）申告書', 'Declaration of dependants'], DECLARATION),
  kept(
    [
      'juutaru',
      '従たる給与についての扶養控除等（異動）申告書',
      'Declaration for a secondary salary',
    ],
    DECLARATION,
  ),
  kept(['haigusha', '配偶者控除等申告書', 'Declaration of the spouse deduction'], DECLARATION),
  kept(['kiso', '基礎控除申告書', 'Declaration of the basic deduction'], DECLARATION),
  kept(
    [
      'tokutei_shinzoku',
      '特定親族特別控除申告書',
      'Declaration of the specified-relative deduction',
    ],
    DECLARATION,
  ),
  kept(
    ['chosei', '所得金額調整控除申告書', 'Declaration of the income adjustment deduction'],
    DECLARATION,
  ),
  {
    ...kept(['hoken', '保険料控除申告書', 'Declaration of insurance premiums'], DECLARATION),
    number: 'not-required',
  },
  {
    ...kept(
      ['jutaku', '住宅借入金等特別控除申告書', 'Declaration of the housing-loan deduction'],
      DECLARATION,
    ),
    number: 'not-required',
  },
  kept(
    ['taishoku', '退職所得の受給に関する申告書', 'Declaration on retirement income'],
    DECLARATION,
  ),
  {
    ...kept(
      [
        'taishoku_dc_rourei_ichijikin',
        '退職所得の受給に関する申告書（老齢一時金）',
        'Declaration on retirement income (DC old-age lump sum)',
      ],
      statedBy('令和7年度税制改正', [at.RETIREMENT_SLIPS_2026, at.TEES_FAQ]),
    ),
    effectiveFrom: '2026-01-01',
  },
];
