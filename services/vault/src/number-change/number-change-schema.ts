import { z } from 'zod';
import { CHANGE_REASONS, Refusal } from '@mnv/core';
import { ObtainedNumber, membersOf, obtainedNumber, requireDayGoneBy } from '../record-schema.ts';
import type { NumberChange } from './change-number.ts';

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
  requireDayGoneBy(rest.from, 'from', today);
  return { recordId, ...rest, ...obtainedNumber({ individualNumber, verification }, today) };
}
