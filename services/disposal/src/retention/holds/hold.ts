import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal, isCaseId, isIndividualRef } from '@mnv/core';
import { PlainText } from '../plain-text.ts';

const Common = { reason: PlainText(500), owner: PlainText(128), reviewOn: z.iso.date() };
const individuals = z.array(z.string().refine(isIndividualRef)).min(1).max(100);
const HoldBody = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('individual'), individuals, ...Common }),
  z.strictObject({
    scope: z.literal('case'),
    caseId: z.string().refine(isCaseId),
    individuals,
    ...Common,
  }),
  z.strictObject({ scope: z.literal('tenant'), ...Common }),
]);

/** 法的保全: what is not disposed of, whatever else says so; why, who owns it, and when it is looked at again. */
export type NewHold = z.infer<typeof HoldBody>;

export type KeptHold = {
  holdId: string;
  scope: NewHold['scope'];
  caseId: string | null;
  individuals: string[];
  reason: string;
  owner: string;
  reviewOn: LegalDay;
  placedAt: string;
  placedBy: string;
  liftedAt: string | null;
  liftedBy: string | null;
  liftReason: string | null;
};

/** A hold as sent. Its review is ahead, within a year. Throws Refusal `invalid-request`. */
export function parseHold(body: unknown, today: LegalDay): NewHold {
  const result = HoldBody.safeParse(body);
  if (!result.success) {
    const members = result.error.issues.map(
      ({ path }) => path.join('.') || 'scope and its members',
    );
    throw new Refusal('invalid-request', `Mend: ${[...new Set(members)].join(', ')}.`);
  }
  const { reviewOn } = result.data;
  const latest = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  if (reviewOn <= today || reviewOn > latest)
    throw new Refusal('invalid-request', 'Mend: reviewOn; a day after today, within a year.');
  return result.data;
}
