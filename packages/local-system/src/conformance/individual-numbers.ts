import { IndividualNumber, hasRightCheckDigit } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import { type Case, type Suite, type Verdict, passedIf } from './suite.ts';

type Naughty = { name: string; value: string; expected: string };
type NumberFile = { valid: string[]; invalid: { in: string }[]; naughty_inputs: Naughty[] };

const ALL_ZEROS = '0'.repeat(12);

function isTakenFromJson(value: string): boolean {
  const read = parseStrictJson(JSON.stringify({ individualNumber: value }), { maxBytes: 16_384 });
  return (
    IndividualNumber.parse((read as { individualNumber: string }).individualNumber) !== undefined
  );
}

function naughtyVerdict({ value, expected }: Naughty): Verdict {
  return passedIf(!isTakenFromJson(value) || !expected.startsWith('reject'));
}

function validVerdict(digits: string): Verdict {
  // All zeros has a right check digit and is refused by rule: the check-digit function is what is tested.
  const parsed = IndividualNumber.parse(digits) !== undefined;
  return passedIf(hasRightCheckDigit(digits) && parsed === (digits !== ALL_ZEROS));
}

function casesOf(file: NumberFile): Case[] {
  return [
    ...file.valid.map((digits, at) => ({ name: `valid ${at}`, judge: () => validVerdict(digits) })),
    ...file.invalid.map((one, at) => ({
      name: `invalid ${at}`,
      judge: () =>
        passedIf(!hasRightCheckDigit(one.in) && IndividualNumber.parse(one.in) === undefined),
    })),
    ...file.naughty_inputs.map((one) => ({ name: one.name, judge: () => naughtyVerdict(one) })),
  ];
}

export const individualNumbers: Suite = {
  matches: /(^|\/)mynumber\/check-digit-and-input\.json$/,
  cases: (data) => casesOf(data as NumberFile),
};
