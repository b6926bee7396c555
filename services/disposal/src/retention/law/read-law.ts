import type { Law, LawData } from '@mnv/bango-ho';
import { LawError, loadLaw } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';

export const MAX_LAW_BYTES = 1_048_576;
const MAX_PLACES = 5;
/** No more and no fewer: addresses of sources have longer ones. */
const TWELVE_DIGITS = /(?<!\p{Nd})\p{Nd}{12}(?!\p{Nd})/u;

/**
 * A table from outside, attacker-controlled. Where it does not hold together the refusal says where, as far as
 * it has the form of one. Throws Refusal `invalid-request`.
 */
export function readLaw(body: unknown): Law {
  if (TWELVE_DIGITS.test(JSON.stringify(body)))
    throw new Refusal('invalid-request', 'The table holds twelve digits in a row.');
  try {
    return loadLaw(body as LawData);
  } catch (error) {
    if (error instanceof LawError) {
      const places = error.places.slice(0, MAX_PLACES).map(withoutDigits).join('; ');
      throw new Refusal('invalid-request', `The table does not hold together: ${places}.`);
    }
    if (error instanceof TypeError)
      throw new Refusal('invalid-request', 'Send a law table, as GET …/retention/law gives it.');
    throw error;
  }
}

/** A key of somebody’s table could be anything: what could be a number is not repeated. */
function withoutDigits(place: string): string {
  return place.replaceAll(/\p{Nd}{9,}/gu, '…').slice(0, 120);
}
