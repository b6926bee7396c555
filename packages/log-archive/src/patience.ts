/** A run through a whole log waits for a busy database, and a statement of it reads much; no request waits behind it. */
export const PATIENCE = { acquireMs: 30_000, statementMs: 120_000 } as const;
