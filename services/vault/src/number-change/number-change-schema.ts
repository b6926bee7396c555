import { z } from 'zod';
import { CHANGE_REASONS, Refusal } from '@mnv/core';
import { ObtainedNumber, membersOf, obtainedNumber } from '../record-schema.ts';
import type { NumberChange } from './change-number.ts';

/** 番号法 came into force on it: no number was given before, so none was changed. */
const FIRST_DAY = '2015-10-05';

const ChangeBody = z.strictObject({
  ...ObtainedNumber,
  from: z.iso.date(),
  reason: z.enum(CHANGE_REASONS),
});

/**
 * A change as sent, attacker-controlled. The refusal names the member to mend and quotes nothing of it. A number
 * that will hold from a day to come is no number of today.
 * @throws Refusal `invalid-request`, `individual-number-invalid`
 */
export function parseNumberChange(
  { recordId, body }: { recordId: string; body: unknown },
  today: string,
): NumberChange {
  const parsed = ChangeBody.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', `Mend: ${membersOf(parsed.error)}.`);
  const { individualNumber, verification, ...rest } = parsed.data;
  if (rest.from > today || rest.from < FIRST_DAY)
    throw new Refusal('invalid-request', 'Mend: from; a day until today.');
  return { recordId, ...rest, ...obtainedNumber({ individualNumber, verification }) };
}
