/** What the process that computes lives is asked for. */
export type RetentionJob =
  | { kind: 'fill'; tenant: string; records: number }
  /** Computes every life of the tenant. */
  | { kind: 'scratch'; tenant: string }
  /** Tells one event of so many records, untimed, and computes what changed. */
  | { kind: 'day'; tenant: string; changes: number }
  /** Makes a dry run of everything due up to a day. */
  | { kind: 'dry-run'; tenant: string; until: string }
  /** Goes through every living record with a longer book (帳簿). */
  | { kind: 'simulate'; tenant: string };

/** `progress`: how often the work told how far it was. */
export type RetentionAnswer = { seconds: number; records: number; progress?: number };
