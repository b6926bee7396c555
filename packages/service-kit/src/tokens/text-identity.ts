import { looksLikeIndividualNumber } from '@mnv/core';

const MAX_LENGTH = 255;
/** Control, format (bidirectional, zero-width), surrogate, private and unassigned characters, and line ends. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** 1 to 255 characters in one spelling (NFC), with nothing invisible that could forge or reverse a line. */
export function isPlainText(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_LENGTH) return false;
  if (!value.isWellFormed() || INVISIBLE.test(value) || value.trim() !== value) return false;
  return value.normalize('NFC') === value;
}

/** Whether a text may name a person or a client in entries read for years: plain, and not an Individual Number. */
export function isIdentity(value: unknown): value is string {
  return isPlainText(value) && !looksLikeIndividualNumber(value);
}
