import { randomInt } from 'node:crypto';
import { checkDigitOf } from '@mnv/core';

const made = new Set<string>();

/**
 * A random valid Individual Number (12 digits), made at run time so that none is ever committed. The leak
 * tripwire looks for every number made here. Whether a person holds it is unknown: it never leaves the test.
 */
export function makeIndividualNumber(): string {
  const digits = Array.from({ length: 11 }, () => randomInt(10)).join('');
  const number = digits + checkDigitOf(digits);
  if (number === '0'.repeat(12) || made.has(number)) return makeIndividualNumber();
  made.add(number);
  return number;
}

/** Every number made so far in this process (under jest: in this test file). */
export function madeIndividualNumbers(): readonly string[] {
  return [...made];
}
