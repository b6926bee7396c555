import { isUtf8 } from 'node:buffer';
import { Refusal } from '@mnv/core';

const MAX_DEPTH = 8;
/** Names that reach a prototype when somebody later copies members carelessly. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Bounds of one text: its size in UTF-8 bytes, and how deep arrays and objects may nest. */
export type JsonBounds = { maxBytes: number; maxDepth?: number };

/**
 * Parses attacker-controlled JSON (RFC 8259, with the rules of I-JSON, RFC 7493 §2). Linear in the size.
 * Refused as `malformed-json`: a byte order mark, invalid UTF-8, a member twice in one object, a lone
 * surrogate, a number no double can hold, nesting deeper than `maxDepth` (8), and members that reach a
 * prototype. Refused as `body-too-large`: more than `maxBytes`.
 */
export function parseStrictJson(input: Uint8Array | string, bounds: JsonBounds): unknown {
  const text = textOf(input, bounds.maxBytes);
  const value = parse(text);
  const members = countMembers(value, bounds.maxDepth ?? MAX_DEPTH);
  // JSON.parse keeps the last of two equal members, so a text with more members than its value repeats one.
  if (members !== countColons(text)) throw malformed('A member stands twice in one object.');
  return value;
}

function textOf(input: Uint8Array | string, maxBytes: number): string {
  if (typeof input === 'string') {
    // A UTF-16 unit is at least one byte: the cheap test spares measuring what is far too long.
    if (input.length > maxBytes || Buffer.byteLength(input) > maxBytes) throw tooLarge();
    return input;
  }
  if (input.byteLength > maxBytes) throw tooLarge();
  if (!isUtf8(input)) throw malformed('The text is not UTF-8.');
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The cause quotes the text, which may hold a number: it is dropped here.
    throw malformed('The text is not one JSON value.');
  }
}

/** The members of all objects in a value; throws at the first thing the profile refuses. */
function countMembers(value: unknown, depthLeft: number): number {
  if (typeof value === 'string') return checkText(value);
  if (typeof value === 'number') return checkNumber(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (depthLeft === 0) throw malformed('The value is nested too deeply.');
  return Array.isArray(value)
    ? countMembersOfAll(value, depthLeft - 1)
    : countMembersOfObject(value, depthLeft - 1);
}

function countMembersOfObject(value: object, depthLeft: number): number {
  const names = Object.keys(value);
  for (const name of names) {
    checkText(name);
    if (FORBIDDEN_NAMES.has(name)) throw malformed('A member has a forbidden name.');
  }
  return names.length + countMembersOfAll(Object.values(value), depthLeft);
}

function countMembersOfAll(values: readonly unknown[], depthLeft: number): number {
  let members = 0;
  for (const value of values) members += countMembers(value, depthLeft);
  return members;
}

function checkText(text: string): 0 {
  if (!text.isWellFormed()) throw malformed('A text holds half of a surrogate pair.');
  return 0;
}

function checkNumber(number: number): 0 {
  if (!Number.isFinite(number)) throw malformed('A number is out of range.');
  return 0;
}

/** The colons outside strings of a well-formed JSON text: one for each member written. */
function countColons(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === COLON) colons += 1;
  }
  return colons;
}

/** The quote that closes the string opened at `start`: the first one after an even run of backslashes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

const malformed = (detail: string) => new Refusal('malformed-json', detail);
const tooLarge = () => new Refusal('body-too-large', 'The text is larger than this place accepts.');
