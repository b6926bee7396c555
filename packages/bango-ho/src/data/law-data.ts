import type { LawData } from '../law.ts';
import { CLOCKS } from './clocks.ts';
import { CONTROLS } from './controls.ts';
import { FILED_DOCUMENTS } from './documents-filed.ts';
import { KEPT_DOCUMENTS } from './documents-kept.ts';
import { DECLARATIONS } from './documents-declared.ts';
import { LAYOUTS } from './layouts.ts';
import { INSURANCE_PURPOSES } from './purposes-insurance.ts';
import { PAYMENT_PURPOSES } from './purposes-payment.ts';
import { TAX_PURPOSES } from './purposes-tax.ts';
import { RETENTION_RULES } from './retention-rules.ts';
import { ORGANISATIONAL_SAFEGUARDS } from './safeguards-organisation.ts';
import { TECHNICAL_SAFEGUARDS } from './safeguards-technical.ts';
import { IDENTITY_CHECKS, NUMBER_CHECKS, VERIFICATION_DUTIES } from './verification-methods.ts';

/** The law as this product knows it, before it is checked. */
export const LAW_DATA: LawData = {
  version: '2026-11-22',
  purposes: [...TAX_PURPOSES, ...PAYMENT_PURPOSES, ...INSURANCE_PURPOSES],
  documents: [...DECLARATIONS, ...FILED_DOCUMENTS, ...KEPT_DOCUMENTS],
  clocks: CLOCKS,
  retentionRules: RETENTION_RULES,
  numberChecks: NUMBER_CHECKS,
  identityChecks: IDENTITY_CHECKS,
  verificationDuties: VERIFICATION_DUTIES,
  safeguards: [...ORGANISATIONAL_SAFEGUARDS, ...TECHNICAL_SAFEGUARDS],
  controls: CONTROLS,
  layouts: LAYOUTS,
  book: {
    purpose: 'TAX-BOOK',
    document: 'vault_number_record',
    rule: 'R-BOOK',
    subjects: ['E', 'D'],
  },
};
