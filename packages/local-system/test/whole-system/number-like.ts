import { hasRightCheckDigit } from '@mnv/core';

const IDENTIFIER = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TWELVE_DIGITS = /(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])/g;

/** How many texts of the form of an Individual Number stand in what another process printed. */
export function countNumberLike(text: string): number {
  const candidates = text.replaceAll(IDENTIFIER, '').match(TWELVE_DIGITS) ?? [];
  return candidates.filter((digits) => hasRightCheckDigit(digits)).length;
}
