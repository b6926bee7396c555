/** How much a run measures. The short one shows that everything works; only the long one gives figures. */
export type Sizes = {
  /** Turns each contestant takes. */
  rounds: number;
  /** How long one turn is meant to take. */
  seconds: number;
  clients: readonly number[];
  /** Records in the system before disclosures are measured. */
  records: number;
  /** Records of a tenant from which some are erased. */
  erasable: number;
  /** The same with --large: keys alone, without records. */
  largeErasable: number;
  /** Records from which batches are opened. */
  openable: number;
  /** Records of the batches whose certificates are verified. */
  certified: readonly number[];
  /** Records of the tenants whose lives are computed; with --large one of a million as well. */
  tracked: readonly number[];
  /** Entries of the log that is verified from files. */
  verifiedLog: number;
  /** Entries of the log whose entries are proved, and with --large of the one that is also appended to. */
  provenLog: number;
  largeLog: number;
  /** Records that pass before memory is read. */
  passing: number;
};

export const FULL: Sizes = {
  rounds: 5,
  seconds: 4,
  clients: [8, 16, 32, 64],
  records: 40_000,
  erasable: 400_000,
  largeErasable: 10_000_000,
  openable: 100_000,
  certified: [20, 1_000],
  tracked: [10_000, 100_000],
  verifiedLog: 100_000,
  provenLog: 1_000_000,
  largeLog: 10_000_000,
  passing: 100_000,
};

export const QUICK: Sizes = {
  rounds: 2,
  seconds: 0.5,
  clients: [8, 32, 64],
  records: 2_000,
  erasable: 10_000,
  largeErasable: 40_000,
  openable: 10_000,
  certified: [20],
  tracked: [1_000, 4_000],
  verifiedLog: 10_000,
  provenLog: 20_000,
  largeLog: 100_000,
  passing: 5_000,
};
