import { LAW_DATA } from './data/law-data.ts';
import type { Law } from './law.ts';
import { loadLaw } from './load-law.ts';
import type { Purpose } from './purpose.ts';

/** The law in use. A table that does not hold together stops every program that reads it. */
export const LAW: Law = loadLaw(LAW_DATA);

/**
 * The closed list of purposes a number may be held for. A tenant may use fewer
 * (`narrowPurposes`), never others.
 */
export const PURPOSES: readonly Purpose[] = LAW.purposes;

const BY_CODE: ReadonlyMap<string, Purpose> = new Map(PURPOSES.map((row) => [row.code, row]));

/** The purpose of a code, or undefined where the list has none. */
export function findPurpose(code: string): Purpose | undefined {
  return BY_CODE.get(code);
}
