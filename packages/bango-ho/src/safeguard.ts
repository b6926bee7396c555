import type { Provenance } from './provenance.ts';

/** One item of 別添1 特定個人情報に関する安全管理措置: the preparation 0-A…C, categories A to G and their sub-items. */
export type Safeguard = Provenance & {
  /** `C-b`; preparation is `0-A`; a category without sub-items is its letter. */
  readonly code: string;
  readonly category: '0' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G';
  readonly nameJa: string;
  readonly nameEn: string;
  /** 手法の例示, shortened. */
  readonly examplesJa: readonly string[];
  /** What must exist to show that the item is kept. Empty where the item implies no record. */
  readonly records: readonly string[];
};
