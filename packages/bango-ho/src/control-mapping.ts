import type { Provenance } from './provenance.ts';

/** One control of this product, and where the standards ask for it. */
export type ControlMapping = Provenance & {
  readonly code: string;
  readonly nameEn: string;
  /** Codes of the safeguard table; chapters of the guideline stand in `guideline`. */
  readonly safeguards: readonly string[];
  readonly guideline: readonly string[];
  /** ISO/IEC 27001:2022 Annex A. */
  readonly iso27001: readonly string[];
  /** JIS Q 15001:2017 Annex A.3. */
  readonly jis15001of2017: readonly string[];
  /** Items of the JIPDEC guidance for JIS Q 15001:2023. */
  readonly jis15001of2023: readonly string[];
  /** ISO/IEC 27701:2019 clauses. The 2025 edition is numbered anew; its numbers are not established. */
  readonly iso27701of2019: readonly string[];
  readonly others: readonly string[];
};
