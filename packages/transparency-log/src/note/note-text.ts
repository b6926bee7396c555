import { NoteError } from '../transparency-log-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** One signature line of a note. `keyId` is eight lower-case hexadecimal digits. */
export type SignatureLine = { name: string; keyId: string; signature: Uint8Array };
/** A note taken apart, nothing of it verified. */
export type ParsedNote = { text: string; signatures: SignatureLine[] };

const MAX_NOTE_CHARACTERS = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_ID_LENGTH = 4;
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const CONTROL_CHARACTER = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE_LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/;
const FORBIDDEN_IN_NAME = /[\p{White_Space}+]/u;

/** Key names are not empty and hold no Unicode space, plus sign or control character. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && isPlainText(name) && !FORBIDDEN_IN_NAME.test(name);
}

/** Whether a text can stand in a note: well-formed Unicode, and of the control characters only newline. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !CONTROL_CHARACTER.test(text);
}

/**
 * Takes a note apart by the format of C2SP signed-note. Verifies nothing.
 * Throws NoteError `malformed-note`, also for a single malformed signature line.
 */
export function parseNote(note: string | Uint8Array): ParsedNote {
  const whole = typeof note === 'string' ? note : decodeUtf8(note);
  if (whole.length > MAX_NOTE_CHARACTERS || !isPlainText(whole)) throw malformed();
  // The text may hold empty lines: the last one separates it from the signatures.
  const separator = whole.lastIndexOf('\n\n');
  if (separator < 0) throw malformed();
  const signatures = parseSignatureLines(whole.slice(separator + 2));
  return { text: whole.slice(0, separator + 1), signatures };
}

/** Signature lines, each ended by a newline, as they stand in a note or in a witness's answer. */
export function parseSignatureLines(lines: string): SignatureLine[] {
  if (!lines.endsWith('\n')) throw malformed();
  const each = lines.slice(0, -1).split('\n');
  if (each.length > MAX_SIGNATURES) throw malformed();
  return each.map(parseSignatureLine);
}

/** `— name base64(key id ‖ signature)` and a newline. */
export function formatSignatureLine({ name, keyId, signature }: SignatureLine): string {
  const blob = Buffer.concat([Buffer.from(keyId, 'hex'), signature]);
  return `\u2014 ${name} ${encodeBase64(blob)}\n`;
}

function parseSignatureLine(line: string): SignatureLine {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  const blob = base64 === undefined ? undefined : decodeBase64(base64);
  if (name === undefined || blob === undefined) throw malformed();
  if (!isKeyName(name) || blob.length <= KEY_ID_LENGTH) throw malformed();
  const keyId = Buffer.from(blob.subarray(0, KEY_ID_LENGTH)).toString('hex');
  return { name, keyId, signature: blob.slice(KEY_ID_LENGTH) };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}

function malformed(): NoteError {
  return new NoteError('malformed-note', 'not a well-formed signed note');
}
