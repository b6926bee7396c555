import { createCipheriv, createDecipheriv, type CipherGCMTypes } from 'node:crypto';
import { bytesOfHex } from './hex.ts';
import { type Case, type Suite, type Verdict, passedIf } from './suite.ts';
import { agrees, orRefused, testsOf, type WycheproofTest } from './wycheproof.ts';

type GcmTest = WycheproofTest & {
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;
// Left out, node:crypto takes tags of four bytes.
const OPTIONS = { authTagLength: TAG_BYTES };

const cipherName = (key: Buffer): CipherGCMTypes =>
  `aes-${(key.length * 8) as 128 | 192 | 256}-gcm`;

function open(test: GcmTest): Buffer | undefined {
  const [key, iv, tag] = [bytesOfHex(test.key), bytesOfHex(test.iv), bytesOfHex(test.tag)];
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined;
  return orRefused(() => {
    const decipher = createDecipheriv(cipherName(key), key, iv, OPTIONS)
      .setAAD(bytesOfHex(test.aad))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(bytesOfHex(test.ct)), decipher.final()]);
  });
}

function seals(test: GcmTest): boolean {
  const [key, iv] = [bytesOfHex(test.key), bytesOfHex(test.iv)];
  const cipher = createCipheriv(cipherName(key), key, iv, OPTIONS).setAAD(bytesOfHex(test.aad));
  const sealed = Buffer.concat([
    cipher.update(bytesOfHex(test.msg)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return sealed.equals(bytesOfHex(test.ct + test.tag));
}

function verdictOf(test: GcmTest): Verdict {
  const opened = open(test);
  const outsideProfile = test.iv.length !== 2 * IV_BYTES || test.tag.length !== 2 * TAG_BYTES;
  if (outsideProfile) return opened ? 'failed' : test.result === 'invalid' ? 'passed' : 'stricter';
  if (!agrees(test.result, opened !== undefined)) return 'failed';
  return passedIf(!opened || (opened.equals(bytesOfHex(test.msg)) && seals(test)));
}

const caseOf = (test: GcmTest): Case => ({
  name: `tcId ${test.tcId}`,
  judge: () => verdictOf(test),
});

/** AES-GCM the way sealing uses it: 96-bit IV, 128-bit tag, and no plaintext before the tag is checked. */
export const aesGcm: Suite = {
  matches: /(^|\/)wycheproof\/aes_gcm_test\.json$/,
  cases: (data) => testsOf<object, GcmTest>(data).map(({ test }) => caseOf(test)),
};
