import type { ControlMapping } from '../control-mapping.ts';
import type { Provenance } from '../provenance.ts';
import { toBeChecked } from './provenance-of.ts';
import * as at from './source-addresses.ts';

const UNCHECKED: Provenance = toBeChecked(
  'ISO/IEC 27001:2022 Annex A; JIS Q 15001:2017 A.3; JIPDEC 構築・運用指針 (JIS Q 15001:2023); ISO/IEC 27701:2019',
  'item numbers are from general knowledge; ISO/IEC 27701:2025 is numbered anew and not yet mapped',
  [at.STANDARD_15001_2023, at.STANDARD_27701_2025],
);

type Row = Partial<Omit<ControlMapping, keyof Provenance>> &
  Pick<ControlMapping, 'code' | 'nameEn' | 'iso27001'>;

function control(row: Row): ControlMapping {
  const none = { safeguards: [], guideline: [], jis15001of2017: [], jis15001of2023: [] };
  return { ...none, iso27701of2019: [], others: [], ...row, ...UNCHECKED };
}

/** What the product does, and which item of which standard asks for it. */
export const CONTROLS: readonly ControlMapping[] = [
  control({
    code: 'purpose-bound-disclosure',
    nameEn: 'A number is disclosed for a purpose of the closed list only',
    safeguards: ['F-a'],
    guideline: ['第4-1'],
    iso27001: ['5.15', '5.34', '8.3'],
    jis15001of2017: ['A.3.4.2.6'],
    jis15001of2023: ['J.8'],
    iso27701of2019: ['8.2.2'],
  }),
  control({
    code: 'handler-register',
    nameEn: 'Register of handlers; joiners, movers, leavers',
    safeguards: ['C-a', 'F-a'],
    iso27001: ['5.2', '5.3', '5.16', '5.18', '6.5', '8.2'],
    jis15001of2017: ['A.3.3.4'],
    jis15001of2023: ['J.2'],
    iso27701of2019: ['8.2.1'],
    others: ['FISC 実務 (ID管理)'],
  }),
  control({
    code: 'authentication',
    nameEn: 'Authentication by card, vein or several factors',
    safeguards: ['F-b'],
    iso27001: ['5.17', '8.5'],
    jis15001of2017: ['A.3.4.3.2'],
    jis15001of2023: ['J.9.2'],
    others: ['NIST SP 800-63B'],
  }),
  control({
    code: 'access-log',
    nameEn: 'Tamper-evident log of every use',
    safeguards: ['C-b', 'C-c', 'F-c'],
    iso27001: ['8.15', '8.16', '8.17', '5.33', '5.28'],
    jis15001of2017: ['A.3.5.3', 'A.3.7.1'],
    jis15001of2023: ['J.9.2'],
    iso27701of2019: ['8.2.6'],
    others: ['FISC (アクセス履歴)'],
  }),
  control({
    code: 'encryption',
    nameEn: 'Encryption and key management',
    safeguards: ['F-d'],
    iso27001: ['8.24'],
    jis15001of2017: ['A.3.4.3.2'],
    iso27701of2019: ['8.4.3'],
    others: ['CRYPTREC LS-0001', 'NIST SP 800-57', 'NIST SP 800-38D'],
  }),
  control({
    code: 'disposal',
    nameEn: 'Deletion with proof',
    safeguards: ['E-d'],
    iso27001: ['8.10', '7.14', '7.10'],
    jis15001of2017: ['A.3.4.3.2'],
    iso27701of2019: ['8.4.2', '7.4.5', '7.4.7', '7.4.8'],
    others: ['NIST SP 800-88 Rev.2', 'ISO/IEC 27040:2024', 'IEEE 2883'],
  }),
  control({
    code: 'masking',
    nameEn: 'Masking and leak prevention',
    safeguards: ['F-d', 'E-c'],
    iso27001: ['8.11', '8.12'],
    jis15001of2023: ['J.9.2'],
    iso27701of2019: ['8.4.1'],
  }),
  control({
    code: 'areas',
    nameEn: 'Areas, entry logs, cameras',
    safeguards: ['E-a', 'E-b'],
    iso27001: ['7.1', '7.2', '7.3', '7.4', '7.6', '7.7'],
    jis15001of2023: ['J.9.2'],
    others: ['FISC 設備'],
  }),
  control({
    code: 'training',
    nameEn: 'Training',
    safeguards: ['D-b'],
    iso27001: ['6.3', '6.2', '6.6'],
    jis15001of2017: ['A.3.4.5'],
    jis15001of2023: ['J.4'],
  }),
  control({
    code: 'subcontractors',
    nameEn: 'Outsourcing and re-outsourcing',
    guideline: ['委託'],
    iso27001: ['5.19', '5.20', '5.21', '5.22', '5.23'],
    jis15001of2017: ['A.3.4.3.4'],
    jis15001of2023: ['J.9.4'],
    iso27701of2019: ['8.5.6', '8.5.7', '8.5.8'],
    others: ['FISC 統制 (外部委託)'],
  }),
  control({
    code: 'incident',
    nameEn: 'Leak response',
    safeguards: ['C-d'],
    iso27001: ['5.24', '5.25', '5.26', '5.27', '5.28', '6.8'],
    jis15001of2017: ['A.3.3.7'],
    jis15001of2023: ['J.9'],
    iso27701of2019: ['6.13'],
  }),
  control({
    code: 'review',
    nameEn: 'Review and audit',
    safeguards: ['C-e'],
    iso27001: ['5.35', '5.36', '8.34'],
    jis15001of2017: ['A.3.7.1', 'A.3.7.2'],
    jis15001of2023: ['J.6'],
    iso27701of2019: ['5.7'],
    others: ['FISC 監査'],
  }),
  control({
    code: 'synthetic-test-data',
    nameEn: 'Tests use synthetic numbers only',
    safeguards: ['F-a'],
    iso27001: ['8.33', '8.31'],
  }),
  control({
    code: 'external-environment',
    nameEn: 'Cloud and foreign countries',
    safeguards: ['G'],
    iso27001: ['5.23'],
    jis15001of2017: ['A.3.4.3.4'],
    iso27701of2019: ['8.5.1', '8.5.2'],
  }),
];
