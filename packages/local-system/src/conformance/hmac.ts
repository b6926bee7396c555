import { createHmac, timingSafeEqual } from 'node:crypto';
import { bytesOfHex } from './hex.ts';
import { type Suite, passedIf } from './suite.ts';
import { agrees, testsOf, type WycheproofTest } from './wycheproof.ts';

type MacGroup = { tagSize: number };
type MacTest = WycheproofTest & { key: string; msg: string; tag: string };

function isTagRight(hash: string, group: MacGroup, test: MacTest): boolean {
  const full = createHmac(hash, bytesOfHex(test.key)).update(bytesOfHex(test.msg)).digest();
  const wanted = full.subarray(0, group.tagSize / 8);
  const given = bytesOfHex(test.tag);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function hmacSuite(hash: 'sha256' | 'sha512'): Suite {
  return {
    matches: new RegExp(`(^|/)wycheproof/hmac_${hash}_test\\.json$`),
    cases: (data) =>
      testsOf<MacGroup, MacTest>(data).map(({ group, test }) => ({
        name: `tcId ${test.tcId}`,
        judge: () => passedIf(agrees(test.result, isTagRight(hash, group, test))),
      })),
  };
}

export const hmacSha256 = hmacSuite('sha256');
export const hmacSha512 = hmacSuite('sha512');
