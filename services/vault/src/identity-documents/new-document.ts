import { z } from 'zod';
import { lastDayOfImage } from '@mnv/bango-ho';
import type { DocumentMedia } from '@mnv/core';
import { IDENTITY_CHECKS, MAX_DOCUMENT_BYTES, NUMBER_CHECKS, Refusal } from '@mnv/core';
import { membersOf, requireDayGoneBy } from '../record-schema.ts';
import { mediaOf } from './media-of.ts';

/** The largest copy in base64, and what stands beside it. */
export const MAX_BODY_BYTES = Math.ceil(MAX_DOCUMENT_BYTES / 3) * 4 + 16_384;

const Body = z.strictObject({
  check: z.enum([...NUMBER_CHECKS, ...IDENTITY_CHECKS]),
  verifiedOn: z.iso.date().optional(),
  content: z.string().min(1),
});

/** A copy of an identity document to keep, already judged. */
export type NewDocument = {
  check: string;
  mediaType: DocumentMedia;
  content: Buffer;
  verifiedOn: string | undefined;
  /** From whose morrow its days are counted. */
  countedFrom: string;
};

/**
 * A copy as sent, attacker-controlled. The refusal names the member to mend and quotes nothing of it.
 * @throws Refusal `invalid-request`, `media-type-unsupported`, `body-too-large`
 */
export function parseDocument(body: unknown, today: string): NewDocument {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', `Mend: ${membersOf(parsed.error)}.`);
  const { check, verifiedOn, content: text } = parsed.data;
  if (verifiedOn !== undefined) requireDayGoneBy(verifiedOn, 'verifiedOn', today);
  const content = bytesOf(text);
  const mediaType = mediaOf(content);
  if (!mediaType)
    throw new Refusal('media-type-unsupported', 'Mend: content; the bytes of a JPEG, PNG or PDF.');
  return { check, mediaType, content, verifiedOn, countedFrom: verifiedOn ?? today };
}

/** One copy has one text: what does not encode to the same again is no base64. */
function bytesOf(text: string): Buffer {
  const content = Buffer.from(text, 'base64');
  if (content.length > MAX_DOCUMENT_BYTES)
    throw new Refusal('body-too-large', `A copy has at most ${MAX_DOCUMENT_BYTES} bytes.`);
  if (content.toString('base64') !== text)
    throw new Refusal('invalid-request', 'Mend: content; base64 with padding.');
  return content;
}

/** Throws Refusal `invalid-request` for a copy that would have to be purged already. */
export function requireDaysLeft(
  { countedFrom }: Pick<NewDocument, 'countedFrom'>,
  { keepDays, today }: { keepDays: number; today: string },
): void {
  if (lastDayOfImage({ countedFrom, keepDays }) < today)
    throw new Refusal('invalid-request', 'Mend: verifiedOn; the days of such a copy are over.');
}
