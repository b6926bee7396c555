import { INSURANCE_PURPOSES } from './data/purposes-insurance.ts';
import { PAYMENT_PURPOSES } from './data/purposes-payment.ts';
import { TAX_PURPOSES } from './data/purposes-tax.ts';
import type { Purpose } from './purpose.ts';

/**
 * The closed list of purposes a number may be held for. A tenant may use fewer
 * (`narrowPurposes`), never others.
 */
export const PURPOSES: readonly Purpose[] = [
  ...TAX_PURPOSES,
  ...PAYMENT_PURPOSES,
  ...INSURANCE_PURPOSES,
];

const BY_CODE: ReadonlyMap<string, Purpose> = new Map(PURPOSES.map((row) => [row.code, row]));

/** The purpose of a code, or undefined where the list has none. */
export function findPurpose(code: string): Purpose | undefined {
  return BY_CODE.get(code);
}
