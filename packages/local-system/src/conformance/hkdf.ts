import { hkdfSync } from 'node:crypto';
import { bytesOfHex } from './hex.ts';
import { type Suite, passedIf } from './suite.ts';
import { agrees, orRefused, testsOf, type WycheproofTest } from './wycheproof.ts';

type HkdfTest = WycheproofTest & {
  ikm: string;
  salt: string;
  info: string;
  size: number;
  okm: string;
};
type Derivation = Pick<HkdfTest, 'ikm' | 'salt' | 'info' | 'okm'> & { length: number };

/** Whether HKDF gives the expected key. Asking for more than 255 blocks is refused by the library. */
export function derives(hash: string, wanted: Derivation): boolean {
  const okm = orRefused(() =>
    hkdfSync(
      hash,
      bytesOfHex(wanted.ikm),
      bytesOfHex(wanted.salt),
      bytesOfHex(wanted.info),
      wanted.length,
    ),
  );
  return okm !== undefined && Buffer.from(okm).equals(bytesOfHex(wanted.okm));
}

function hkdfSuite(hash: 'sha256' | 'sha512'): Suite {
  return {
    matches: new RegExp(`(^|/)wycheproof/hkdf_${hash}_test\\.json$`),
    cases: (data) =>
      testsOf<object, HkdfTest>(data).map(({ test }) => ({
        name: `tcId ${test.tcId}`,
        judge: () => passedIf(agrees(test.result, derives(hash, { ...test, length: test.size }))),
      })),
  };
}

export const hkdfSha256 = hkdfSuite('sha256');
export const hkdfSha512 = hkdfSuite('sha512');
