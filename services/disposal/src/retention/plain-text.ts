import { z } from 'zod';
import { looksLikeIndividualNumber } from '@mnv/core';

/** One line that people read for years: nothing invisible, one spelling, and no number. */
export function PlainText(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.normalize('NFC') === text)
    .refine((text) => !looksLikeIndividualNumber(text) && !/\p{Nd}{12}/u.test(text));
}
