const TWELVE_DIGITS = /^[0-9]{12}$/;
const WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2] as const;

/**
 * The check digit of eleven ASCII digits.
 * Source: 平成26年総務省令第85号 第5条 (the ordinance under 番号法施行令 第8条).
 */
export function checkDigitOf(elevenDigits: string): number {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(elevenDigits[at]), 0);
  const remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
}

/** Whether twelve ASCII digits end in their check digit. Says nothing about whether anybody holds them. */
export function hasRightCheckDigit(twelveDigits: string): boolean {
  return (
    TWELVE_DIGITS.test(twelveDigits) &&
    Number(twelveDigits[11]) === checkDigitOf(twelveDigits.slice(0, 11))
  );
}

/**
 * A validated Individual Number (個人番号). The digits are private, so that JSON, inspection and string
 * building show nothing. About 1.7 % of single-digit slips keep a right check digit (remainders 0 and 1
 * share the digit 0): this type is not a proof that the number is the person's.
 */
export class IndividualNumber {
  readonly #digits: string;

  private constructor(digits: string) {
    this.#digits = digits;
  }

  /**
   * Exactly twelve ASCII digits with a right check digit, or undefined. Nothing is normalised: full-width
   * digits, spaces and hyphens are refused the same way on every route. All zeros pass the check digit and
   * are refused by rule.
   */
  static parse(text: string): IndividualNumber | undefined {
    if (text === '0'.repeat(12)) return undefined;
    return hasRightCheckDigit(text) ? new IndividualNumber(text) : undefined;
  }

  /** The only way out. Lint allows the call only where a number is sealed, compared or answered. */
  reveal(): string {
    return this.#digits;
  }

  toString(): string {
    return '[IndividualNumber]';
  }

  toJSON(): string {
    return '[IndividualNumber]';
  }
}
