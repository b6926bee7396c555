/** One thing wrong with the table: the row, and what. */
export type Fault = { readonly at: string; readonly problem: string };

/** A fault of a row. */
export function fault(at: string, problem: string): Fault {
  return { at, problem };
}
