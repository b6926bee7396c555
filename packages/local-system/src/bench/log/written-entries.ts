import { randomBytes } from 'node:crypto';
import { encodeEntry } from '@mnv/protocol';
import type { Draft } from './bench-draft.ts';
import { intentDraft } from './bench-draft.ts';

/** So many entries of disclosures, each an intent and its outcome. */
export function* writtenEntries(size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += 2) {
    const intent = intentDraft();
    yield encoded(intent);
    if (at + 1 < size) yield encoded({ ...intent, k: 'outcome', rec: '', dec: 'delivered' });
  }
}

function encoded(draft: Draft): Uint8Array {
  const n = randomBytes(16).toString('base64url');
  return encodeEntry({ v: 1, t: Date.now(), n, ...draft });
}
