import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
const OPTIONS = { authTagLength: TAG };

type Sealed = { key: KeyObject; nonce: Buffer; text: Buffer; tag: Buffer };

/** AES-256-GCM as node:crypto has it and nothing else: no way to the key, nothing that the text is bound to. */
export function plainAes(blocks: number, blockBytes: number) {
  const sealed = Array.from({ length: blocks }, () => seal(randomBytes(blockBytes)));
  return (items: number): void => {
    for (let at = 0; at < items; at += 1) open(sealed[at % blocks] as Sealed).fill(0);
  };
}

function seal(block: Buffer): Sealed {
  const key = createSecretKey(randomBytes(32));
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS);
  const text = Buffer.concat([cipher.update(block), cipher.final()]);
  return { key, nonce, text, tag: cipher.getAuthTag() };
}

function open({ key, nonce, text, tag }: Sealed): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, OPTIONS);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}
