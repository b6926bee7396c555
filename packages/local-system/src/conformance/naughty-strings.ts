import { IndividualNumber, isCaseId, isTenantId, isUuid } from '@mnv/core';
import { type AccessEntry, decodeEntry, encodeEntry, parseStrictJson } from '@mnv/protocol';
import { type Case, type Suite, passedIf } from './suite.ts';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

const ENTRY: AccessEntry = {
  v: 1,
  k: 'act',
  t: 1,
  n: 'AAAAAAAAAAAAAAAAAAAAAA',
  rid: '',
  ten: 'operator',
  rec: '',
  op: 'sign-in',
  iss: '',
  sub: '',
  act: '',
  x5t: '',
  tok: '',
  rqh: '',
  pur: '',
  case: '',
  pol: '',
  dec: 'allow',
  cnt: 0,
};

/** An identity made of hostile text stays one line of printable ASCII in the log, and reads back as it was. */
function survivesTheLog(text: string): boolean {
  const bytes = encodeEntry({ ...ENTRY, sub: text });
  return PRINTABLE_ASCII.test(bytes.toString('latin1')) && decodeEntry(bytes).sub === text;
}

function survivesJson(text: string): boolean {
  const read = parseStrictJson(JSON.stringify({ text }), { maxBytes: 65_536 });
  return (read as { text: string }).text === text;
}

function isNoIdentifier(text: string): boolean {
  return (
    IndividualNumber.parse(text) === undefined &&
    !isUuid(text) &&
    !(isTenantId(text) && isCaseId(text))
  );
}

const caseOf = (text: string, at: number): Case => ({
  name: `string ${at}`,
  judge: () => passedIf(survivesTheLog(text) && survivesJson(text) && isNoIdentifier(text)),
});

export const naughtyStrings: Suite = {
  matches: /(^|\/)blns\.json$/,
  cases: (data) => (data as string[]).map(caseOf),
};
