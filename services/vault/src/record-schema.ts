import { z } from 'zod';
import { findPurpose } from '@mnv/bango-ho';
import {
  CHANNELS,
  IDENTITY_CHECKS,
  IndividualNumber,
  NUMBER_CHECKS,
  Refusal,
  SUBJECTS,
  isIndividualRef,
  looksLikeIndividualNumber,
} from '@mnv/core';
import type { Verification } from '@mnv/core';
import type { RecordDraft } from './store-numbers.ts';

const Ref = z.string().refine(isIndividualRef);
/** Texts kept in clear beside the sealed number: none of them may be one. */
const NoNumber = z.string().refine((text) => !looksLikeIndividualNumber(text));
const ShortText = NoNumber.regex(/^[A-Za-z0-9._-]{1,64}$/);
/** One spelling, and nothing invisible: it is read in reports for years. */
const PlainText = NoNumber.max(128).refine(
  (text) => /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.normalize('NFC') === text,
);

const VerificationBody = z.strictObject({
  numberCheck: z.enum(NUMBER_CHECKS),
  identityCheck: z.enum(IDENTITY_CHECKS),
  channel: z.enum(CHANNELS),
  proxy: ShortText.optional(),
  verifiedBy: PlainText,
  verifiedOn: z.iso.date(),
});
/** A number as sent, and what the law wants remembered of how it was obtained. */
export const ObtainedNumber = {
  individualNumber: z.string().max(64),
  verification: VerificationBody,
  noticeVersion: ShortText,
};

const RecordBody = z.strictObject({
  individualRef: Ref,
  subject: z.enum(SUBJECTS),
  relatedRef: Ref.optional(),
  purposes: z.array(z.string().max(40)).min(1).max(40),
  ...ObtainedNumber,
});

/** 番号法 came into force on it: no number was given before, so none was verified or changed. */
const FIRST_DAY = '2015-10-05';

/**
 * A day on which something happened to a number: not one to come, nor one before there were numbers.
 * Throws Refusal `invalid-request`.
 */
export function requireDayGoneBy(day: string, member: string, today: string): void {
  if (day > today || day < FIRST_DAY)
    throw new Refusal('invalid-request', `Mend: ${member}; a day until today, since ${FIRST_DAY}.`);
}

/**
 * A record as sent, attacker-controlled. The refusal names the member to mend and quotes nothing of it.
 * @throws Refusal `invalid-request`, `individual-number-invalid`, `purpose-unknown`, `purpose-not-permitted`
 */
export function parseRecord(body: unknown, today: string): RecordDraft {
  const parsed = RecordBody.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', `Mend: ${membersOf(parsed.error)}.`);
  const { individualNumber, relatedRef, verification, ...rest } = parsed.data;
  const obtained = obtainedNumber({ individualNumber, verification }, today);
  requirePurposes(rest.purposes, rest.subject);
  return { ...rest, ...(relatedRef !== undefined && { relatedRef }), ...obtained };
}

/** Throws Refusal `individual-number-invalid`, `invalid-request`. */
export function obtainedNumber(
  sent: { individualNumber: string; verification: z.infer<typeof VerificationBody> },
  today: string,
): { individualNumber: IndividualNumber; verification: Verification } {
  const { proxy, ...checks } = sent.verification;
  const individualNumber = IndividualNumber.parse(sent.individualNumber);
  if (!individualNumber) {
    throw new Refusal(
      'individual-number-invalid',
      'Send individualNumber as twelve ASCII digits with the right check digit.',
    );
  }
  requireDayGoneBy(checks.verifiedOn, 'verification.verifiedOn', today);
  return { individualNumber, verification: { ...checks, ...(proxy !== undefined && { proxy }) } };
}

/** The list is closed (番号法9条, 19条): a purpose outside it, or not for such a subject, holds no number. */
function requirePurposes(codes: string[], subject: RecordDraft['subject']): void {
  if (new Set(codes).size !== codes.length) throw new Refusal('invalid-request', 'Mend: purposes.');
  for (const code of codes) {
    const purpose = findPurpose(code);
    if (!purpose?.enabledByDefault)
      throw new Refusal('purpose-unknown', 'Send purposes of the statutory list.');
    if (!purpose.subjects.includes(subject) || !purpose.operations.includes('store')) {
      throw new Refusal('purpose-not-permitted', 'A purpose is not for this kind of subject.');
    }
  }
}

/** Names of our own members only; what the sender called an unknown one is not repeated. */
export function membersOf(error: z.ZodError): string {
  const names = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? 'no other members are allowed'
      : issue.path.map(String).join('.') || 'the body',
  );
  return [...new Set(names)].slice(0, 10).join(', ');
}
