import { createPublicKey, verify } from 'node:crypto';
import { bytesOfHex } from './hex.ts';
import { type Suite, passedIf } from './suite.ts';
import { agrees, orRefused, testsOf, type WycheproofTest } from './wycheproof.ts';

type KeyGroup = { publicKeyDer: string };
type SignatureTest = WycheproofTest & { msg: string; sig: string };

function isVerified(group: KeyGroup, test: SignatureTest): boolean {
  const key = createPublicKey({ key: bytesOfHex(group.publicKeyDer), format: 'der', type: 'spki' });
  return orRefused(() => verify(null, bytesOfHex(test.msg), key, bytesOfHex(test.sig))) === true;
}

export const ed25519: Suite = {
  matches: /(^|\/)wycheproof\/ed25519_test\.json$/,
  cases: (data) =>
    testsOf<KeyGroup, SignatureTest>(data).map(({ group, test }) => ({
      name: `tcId ${test.tcId}`,
      judge: () => passedIf(agrees(test.result, isVerified(group, test))),
    })),
};
