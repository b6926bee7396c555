/** A legal day of Japan, `YYYY-MM-DD`. */
type Day = string;

/** What another version of the law table would do to the living records. */
export type LawSimulation = {
  records: number;
  unchanged: number;
  earlier: number;
  later: number;
  /** Due today by the other version alone, and by this one alone. */
  dueByIt: number;
  dueNoMore: number;
  notComputable: number;
  examples: { recordId: string; from: Day | null; to: Day | null }[];
};

/** The last line of a simulation; of a loaded table with the names by which it is signed. */
export type SimulationResult = {
  simulation: LawSimulation;
  simulationId?: string;
  table?: string;
  digest?: string;
};

export type LawTables = {
  /** Digest of the table in use. */
  inUse: string;
  tables: {
    digest: string;
    version: Day;
    source: 'released' | 'loaded';
    cameAt: string;
    cameBy: string | null;
  }[];
};

/** A proposal to compute by a table from a day on, and what became of it. */
export type LawAdoption = {
  adoptionId: string;
  table: string;
  version: Day;
  simulationId: string | null;
  from: Day;
  reason: string | null;
  proposedBy: string | null;
  proposedAt: string;
  confirmedBy: string | null;
  effectiveOn: Day | null;
};

/** The law a tenant computes by, and how two of its people change it. */
export type TenantLaw = {
  /** The law table in use, to be changed and tried. */
  law: () => Promise<object>;
  /**
   * What a table, or the loaded table of a digest, would do. Yields how far it is, and the result last. Nothing
   * is changed by it.
   */
  simulateLaw: (
    law: object | string,
  ) => AsyncGenerator<{ progress: { done: number; of: number } } | SimulationResult>;
  lawTables: () => Promise<LawTables>;
  loadLaw: (law: object) => Promise<{ digest: string; version: Day }>;
  lawAdoptions: () => Promise<LawAdoption[]>;
  proposeLaw: (proposal: { simulationId: string; from: Day; reason: string }) => Promise<string>;
  /** Signs, as another person, by the digests of what was looked at. */
  confirmLaw: (adoptionId: string, signed: { table: string; simulation: string }) => Promise<void>;
};
