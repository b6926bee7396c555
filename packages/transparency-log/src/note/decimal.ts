const CANONICAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** A count in ASCII decimal without leading zeros, at most 2^53 − 1; undefined for any other spelling. */
export function parseDecimal(text: string): number | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
