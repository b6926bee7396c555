import type { TreeStore } from '../../src/index.ts';

/** A store that the contract is tested on. */
export type Backend<Tx> = {
  readonly name: string;
  /** How many random histories: a database takes longer than memory. */
  readonly histories: number;
  /** An empty store. What the one before held is gone. */
  empty(): Promise<TreeStore<Tx>>;
};
