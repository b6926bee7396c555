import { hasRightCheckDigit } from './individual-number.ts';

const TENANT_ID = /^[a-z][a-z0-9-]{1,39}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CASE_ID = /^[A-Z][A-Z0-9-]{0,39}$/;
const TWELVE_DIGIT_RUN = /[0-9]{12}/;
/** In any script, together or in groups. */
const TWELVE_DIGITS = /(?:\p{Nd}[\s\p{Pd}\u2212]?){11}\p{Nd}/u;
const DIGIT = /\p{Nd}/u;
/** Spaces, dashes, and what is not seen at all. */
const SEPARATOR = /[\s\p{Pd}\p{Cf}\u2212\u30fc]/gu;
/** As they are written one by one in place of digits. */
const KANJI_DIGITS = '〇一二三四五六七八九';
/** Controls, line ends of other kinds, and what is invisible or turns the direction of writing. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const MAX_INDIVIDUAL_REF = 64;

/** The tenant that stands for the outsourcer itself: acts without a client company. */
export const OPERATOR_TENANT = 'operator';

/** `^[a-z][a-z0-9-]{1,39}$`. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}

/** A UUID in lower-case canonical text. Other spellings are refused, so that one id has one text. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The 16 bytes of a canonical UUID. The caller has checked it with {@link isUuid}. */
export function uuidBytes(uuid: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const hex = uuid.replaceAll('-', '');
  for (let at = 0; at < 16; at += 1) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** A case id names an occasion ("PAYROLL-2026-12"). A run of twelve digits could hide a number: refused. */
export function isCaseId(text: string): boolean {
  return CASE_ID.test(text) && !TWELVE_DIGIT_RUN.test(text);
}

/**
 * The tenant's own key of a person: 1 to 64 characters, NFC, no control or invisible formatting
 * characters, and not itself something that could be an Individual Number.
 */
export function isIndividualRef(text: string): boolean {
  if (text.length === 0 || [...text].length > MAX_INDIVIDUAL_REF) return false;
  if (CONTROL_CHARACTER.test(text) || !text.isWellFormed() || text.normalize('NFC') !== text)
    return false;
  return !looksLikeIndividualNumber(text);
}

/**
 * Whether a text, once read as a person would (digits of every script folded, spaces and hyphens dropped),
 * is twelve digits with a right check digit.
 */
export function looksLikeIndividualNumber(text: string): boolean {
  const bare = text.normalize('NFKC').replaceAll(SEPARATOR, '');
  return hasRightCheckDigit(bare) || hasRightCheckDigit([...bare].map(asciiDigitOf).join(''));
}

/** The ASCII digit of the same value; any other character as it is. */
function asciiDigitOf(character: string): string {
  const kanji = character === '零' ? 0 : KANJI_DIGITS.indexOf(character);
  if (kanji >= 0) return String(kanji);
  if (!DIGIT.test(character)) return character;
  // The decimal digits of a script stand in a row from zero to nine, as Unicode promises; rows may adjoin.
  const point = character.codePointAt(0) ?? 0;
  let before = point;
  while (DIGIT.test(String.fromCodePoint(before - 1))) before -= 1;
  return String((point - before) % 10);
}

/** Whether a text holds twelve digits of any script, together or in groups: it could hide a number. */
export function holdsTwelveDigits(text: string): boolean {
  return TWELVE_DIGITS.test(text);
}
