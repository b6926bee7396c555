/**
 * Other ports by which services reach what is behind them, so that somebody can stand in between: a test that
 * breaks connections. A link that is not named is direct.
 */
export type Detours = {
  accessDatabase?: number;
  vaultDatabase?: number;
  /** From the access proxy to the vault. */
  vault?: number;
};
