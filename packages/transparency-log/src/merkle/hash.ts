import { hash } from 'node:crypto';

/** Octets of every hash in the log: SHA-256. */
export const HASH_LENGTH = 32;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;
const LARGEST_COPIED_ENTRY = 8191;

// One-shot hashing is synchronous, so one scratch area per purpose is never seen half written.
const node = Buffer.alloc(1 + 2 * HASH_LENGTH);
const leaf = Buffer.alloc(1 + LARGEST_COPIED_ENTRY);
node[0] = NODE_PREFIX;
leaf[0] = LEAF_PREFIX;

/** The root of the tree without entries: the hash of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/**
 * SHA-256 of some octets. As text of one octet a character and from there into an array within the heap: a
 * log holds tens of thousands of hashes, and as a Buffer each would have memory of its own outside of it, at
 * twice the time to make it and several times the work to collect it.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary');
  const octets = new Uint8Array(HASH_LENGTH);
  for (let at = 0; at < HASH_LENGTH; at += 1) octets[at] = text.charCodeAt(at);
  return octets;
}

/** Hash of a log entry: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  if (entry.length > LARGEST_COPIED_ENTRY) return longLeafHash(entry);
  leaf.set(entry, 1);
  return sha256(leaf.subarray(0, 1 + entry.length));
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). Both are 32 octets. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  // A shorter child would leave octets of an earlier node in the scratch area.
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH) {
    throw new RangeError('a node has two children of 32 octets');
  }
  node.set(left, 1);
  node.set(right, 1 + HASH_LENGTH);
  return sha256(node);
}

function longLeafHash(entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length);
  prefixed[0] = LEAF_PREFIX;
  prefixed.set(entry, 1);
  return sha256(prefixed);
}
