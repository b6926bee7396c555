import { z } from 'zod';
import type { LegalDay } from '@mnv/bango-ho';
import { LAW, findPurpose } from '@mnv/bango-ho';
import { CHANNELS, Refusal, SUBJECTS, holdsTwelveDigits, isIndividualRef, isUuid } from '@mnv/core';
import { PlainText } from '../plain-text.ts';

const Day = z.iso.date();
/** No number in it, neither in groups nor between other words. */
const Text = (max: number) => PlainText(max).refine((text) => !holdsTwelveDigits(text));
const Reason = Text(500);
/** A step's own id at the tenant. Twelve digits in a row could hide a number. */
const StepId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
  .refine((id) => isUuid(id) || !/[0-9]{12}/.test(id));
const Form = z
  .string()
  .refine((code) => LAW.documents.some((row) => row.code === code && row.number === 'borne'));

const Step = z.discriminatedUnion('kind', [
  // Whether the individual was told that the law asks for the number (番号法; 国税通則法 and others).
  z.strictObject({
    kind: z.literal('asked'),
    on: Day,
    channel: z.enum(CHANNELS),
    by: Text(128),
    toldDuty: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('refused'), on: Day, reason: Reason }),
  z.strictObject({ kind: z.literal('unanswered'), on: Day }),
  z.strictObject({
    kind: z.literal('filed-without'),
    on: Day,
    document: Form,
    reference: Text(64),
    deadline: Day.optional(),
    completedOn: Day.optional(),
  }),
  z.strictObject({ kind: z.literal('provided'), on: Day }),
  // No form needs the number any more: the individual left, the contract ended.
  z.strictObject({ kind: z.literal('ended'), on: Day, reason: Reason }),
  z.strictObject({ kind: z.literal('withdrawn'), on: Day, step: StepId, reason: Reason }),
]);
const Whose = {
  id: StepId,
  individualRef: z.string().refine(isIndividualRef),
  subject: z.enum(SUBJECTS),
  purpose: z.string().max(40),
};
const Envelope = z.object(Whose).loose();

/** What happened, as the register keeps it. */
export type Step = z.infer<typeof Step>;
/** Whose number was asked for, and for what: one course at a time. */
export type CourseKey = {
  individualRef: string;
  subject: (typeof SUBJECTS)[number];
  purpose: string;
};
export type ToldStep = { id: string; key: CourseKey; step: Step };

/**
 * A step as sent, attacker-controlled. The refusal names the members to mend and quotes nothing.
 * @throws Refusal `invalid-request`, `purpose-unknown`, `purpose-not-permitted`, `event-impossible`
 */
export function parseStep(body: unknown, today: LegalDay): ToldStep {
  const { id, individualRef, subject, purpose, ...rest } = read(Envelope, body);
  const step = read(Step, rest);
  requirePurpose(purpose, subject);
  const days = [step.on, 'completedOn' in step ? step.completedOn : undefined];
  if (days.some((day) => day !== undefined && day > today))
    throw new Refusal('event-impossible', 'Mend on: it has not come yet.');
  return { id, key: { individualRef, subject, purpose }, step };
}

function requirePurpose(code: string, subject: CourseKey['subject']): void {
  const purpose = findPurpose(code);
  if (!purpose) throw new Refusal('purpose-unknown', 'Send a purpose of the statutory list.');
  if (!purpose.subjects.includes(subject))
    throw new Refusal('purpose-not-permitted', 'The purpose is not for this kind of subject.');
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const members = result.error.issues.map(({ path }) => path.join('.') || 'kind and its members');
  throw new Refusal('invalid-request', `Mend: ${[...new Set(members)].join(', ')}.`);
}
