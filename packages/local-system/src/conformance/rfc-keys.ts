import { wraps, wrapsPadded } from './aes-key-wrap.ts';
import { derives } from './hkdf.ts';
import { type Case, type Suite, passedIf } from './suite.ts';

type Wrapping = { name: string; kek: string; key: string; wrapped: string };
type Derivation = {
  name: string;
  ikm: string;
  salt: string;
  info: string;
  length: number;
  okm: string;
};
type RfcFile = { aes_kw: Wrapping[]; aes_kwp: Wrapping[]; hkdf_sha256: Derivation[] };

function casesOf(file: RfcFile): Case[] {
  return [
    ...file.aes_kw.map((one) => ({ name: one.name, judge: () => passedIf(wraps(one)) })),
    ...file.aes_kwp.map((one) => ({ name: one.name, judge: () => passedIf(wrapsPadded(one)) })),
    ...file.hkdf_sha256.map((one) => ({
      name: one.name,
      judge: () => passedIf(derives('sha256', one)),
    })),
  ];
}

/** The worked examples of RFC 3394, RFC 5649 and RFC 5869. */
export const rfcKeys: Suite = {
  matches: /(^|\/)rfc-hkdf-kw\.json$/,
  cases: (data) => casesOf(data as RfcFile),
};
