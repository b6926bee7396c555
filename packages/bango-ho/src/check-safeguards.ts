import type { Fault } from './fault.ts';
import { fault } from './fault.ts';
import type { LawData } from './law.ts';

const CATEGORIES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;

/** Every category is there, and the controls map to items that exist. */
export function checkSafeguards({ safeguards, controls }: LawData): Fault[] {
  const missing = CATEGORIES.filter((one) => !safeguards.some((row) => row.category === one));
  const codes = new Set(safeguards.map((row) => row.code));
  return [
    ...missing.map((one) => fault('safeguards', `category ${one} is missing`)),
    ...safeguards
      .filter((row) => row.nameJa === '' || row.nameEn === '' || row.examplesJa.length === 0)
      .map((row) => fault(`safeguards ${row.code}`, 'a name or the examples are missing')),
    ...controls.flatMap((row) =>
      row.safeguards
        .filter((code) => !codes.has(code))
        .map((code) => fault(`controls ${row.code}`, `unknown safeguard ${code}`)),
    ),
  ];
}
