import { aesGcm } from './aes-gcm.ts';
import { aesKeyWrap } from './aes-key-wrap.ts';
import { ed25519 } from './ed25519.ts';
import { hkdfSha256, hkdfSha512 } from './hkdf.ts';
import { hmacSha256, hmacSha512 } from './hmac.ts';
import { hostileTokens } from './hostile-tokens.ts';
import { individualNumbers } from './individual-numbers.ts';
import { jsonTexts } from './json-texts.ts';
import { consistencyProofs, inclusionProofs } from './merkle-proofs.ts';
import { naughtyStrings } from './naughty-strings.ts';
import { referenceTrees } from './reference-trees.ts';
import { rfcKeys } from './rfc-keys.ts';
import type { Suite } from './suite.ts';
import { tileLog } from './tile-log.ts';

const SUITES: Suite[] = [
  aesGcm,
  aesKeyWrap,
  consistencyProofs,
  ed25519,
  hkdfSha256,
  hkdfSha512,
  hmacSha256,
  hmacSha512,
  hostileTokens,
  inclusionProofs,
  individualNumbers,
  jsonTexts,
  naughtyStrings,
  referenceTrees,
  rfcKeys,
  tileLog,
];

/** The suite for a file, by its path from the directory given; undefined when nobody knows it. */
export function suiteOf(path: string): Suite | undefined {
  return SUITES.find(({ matches }) => matches.test(path));
}
