export type LawErrorCode =
  | 'table-invalid'
  | 'rule-unknown'
  | 'purpose-unknown'
  | 'day-invalid'
  | 'not-in-force'
  | 'would-widen'
  | 'events-contradict';

/**
 * The law table, or a question put to it, is not acceptable. `places` says where, one line each;
 * it names rows and columns, never input.
 */
export class LawError extends Error {
  override readonly name = 'LawError';
  readonly code: LawErrorCode;
  readonly places: readonly string[];

  constructor(code: LawErrorCode, places: readonly string[]) {
    super(`${code}: ${places.join('; ')}`);
    this.code = code;
    this.places = places;
  }
}
