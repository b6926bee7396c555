import { parseStrictJson } from '@mnv/protocol';
import { bytesOfBase64 } from './hex.ts';
import { type Case, type Suite, type Verdict, passedIf } from './suite.ts';

type Answer = 'y' | 'n' | 'i';
/** Long texts are given by their beginning, which repeats up to the length. */
type JsonText = { name: string; expect: Answer } & (
  | { b64: string }
  | { head_b64: string; len: number }
);

/** RFC 8259 leaves duplicate members to the parser; ours refuses them. */
const REFUSED_BY_PROFILE = /^y_object_duplicated_key/;

function isParsed(text: Buffer): boolean {
  try {
    parseStrictJson(text, { maxBytes: 1_048_576 });
    return true;
  } catch {
    return false;
  }
}

function textOf(one: JsonText): Buffer {
  if ('b64' in one) return bytesOfBase64(one.b64);
  const head = bytesOfBase64(one.head_b64);
  return Buffer.alloc(one.len, head.subarray(0, periodOf(head)));
}

/** The least distance at which the bytes repeat themselves. */
function periodOf(bytes: Buffer): number {
  const distances = Array.from(bytes.keys()).slice(1);
  return distances.find((by) => bytes.subarray(by).equals(bytes.subarray(0, -by))) ?? bytes.length;
}

function verdictOf(one: JsonText): Verdict {
  const { name, expect } = one;
  const parsed = isParsed(textOf(one));
  if (REFUSED_BY_PROFILE.test(name)) return parsed ? 'failed' : 'stricter';
  // "i" is the implementation's choice: what counts is that the parser answers at all.
  return expect === 'i' ? 'passed' : passedIf(parsed === (expect === 'y'));
}

const caseOf = (one: JsonText): Case => ({ name: one.name, judge: () => verdictOf(one) });

export const jsonTexts: Suite = {
  matches: /(^|\/)json\/JSONTestSuite\.json$/,
  cases: (data) => (data as { cases: JsonText[] }).cases.map(caseOf),
};
