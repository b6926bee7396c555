/** What the process that computes lives is asked for. */
export type RetentionJob =
  | { kind: 'fill'; tenant: string; records: number }
  /** Computes every life of the tenant. */
  | { kind: 'scratch'; tenant: string; records: number }
  /** Tells one event of so many records, untimed, and computes what changed. */
  | { kind: 'day'; tenant: string; records: number; changes: number }
  /** Makes a dry run of everything due up to a day. */
  | { kind: 'dry-run'; tenant: string; records: number; until: string };

export type RetentionAnswer = { seconds: number; records: number };
