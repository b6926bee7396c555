import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { sha256 } from '../merkle/hash.ts';
import { NoteError } from '../transparency-log-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { isKeyName } from './note-text.ts';

/** What a key may sign: a note as it stands, or a timestamped cosignature of a checkpoint. */
export type SignatureType = 'ed25519' | 'cosignature-v1';

/** A public key together with the name and the type it is pinned to. */
export type VerifierKey = {
  readonly name: string;
  /** First four octets of SHA-256(name ‖ LF ‖ type ‖ key), eight lower-case hexadecimal digits. */
  readonly keyId: string;
  readonly type: SignatureType;
  readonly publicKey: KeyObject;
  /** The 32 octets of RFC 8032. */
  readonly publicKeyBytes: Uint8Array;
};

const TYPE_OCTETS: Record<SignatureType, number> = { ed25519: 0x01, 'cosignature-v1': 0x04 };
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
const SPKI_OF_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_LENGTH = 32;
const MAX_PARSED_KEYS = 1024;

type PublicPart = Pick<VerifierKey, 'publicKey' | 'publicKeyBytes'>;

// Taking a key apart costs as much as verifying a signature, and few keys are in use.
const parsedKeys = new Map<string, VerifierKey>();
const publicKeys = new WeakMap<KeyObject, PublicPart>();

/** `name+keyid+base64(type ‖ key)`, the text in which a verifier key is published. */
export function formatVerifierKey({ name, keyId, type, publicKeyBytes }: VerifierKey): string {
  return `${name}+${keyId}+${encodeBase64(typed(type, publicKeyBytes))}`;
}

/** Reads a vkey of type 0x01 or 0x04; throws NoteError `malformed-key`, also for a wrong key id. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const known = parsedKeys.get(vkey);
  if (known !== undefined) return known;
  const key = readVerifierKey(vkey);
  const [oldest] = parsedKeys.keys();
  if (parsedKeys.size >= MAX_PARSED_KEYS && oldest !== undefined) parsedKeys.delete(oldest);
  parsedKeys.set(vkey, key);
  return key;
}

/** The same public key, pinned to another name. Throws NoteError for a name that is none. */
export function renamedVerifierKey(key: VerifierKey, name: string): VerifierKey {
  return { ...key, name, keyId: keyIdOf(name, key.type, key.publicKeyBytes) };
}

/** The verifier key of an Ed25519 key, private or public, under a name. */
export function verifierKeyFrom(name: string, type: SignatureType, key: KeyObject): VerifierKey {
  const publicKey = publicKeys.get(key) ?? publicPartOf(key);
  publicKeys.set(key, publicKey);
  return { ...publicKey, name, type, keyId: keyIdOf(name, type, publicKey.publicKeyBytes) };
}

function publicPartOf(key: KeyObject): PublicPart {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  if (publicKey.asymmetricKeyType !== 'ed25519') {
    throw new NoteError('malformed-key', 'notes are signed by Ed25519 keys');
  }
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey, publicKeyBytes: new Uint8Array(der.subarray(SPKI_OF_ED25519.length)) };
}

function readVerifierKey(vkey: string): VerifierKey {
  const [, name, keyId, base64] = VKEY.exec(vkey) ?? [];
  const material = base64 === undefined ? undefined : decodeBase64(base64);
  if (name === undefined || material?.length !== 1 + KEY_LENGTH) throw malformed();
  const type = typeOf(material[0]);
  if (type === undefined) throw malformed();
  const key = verifierKeyOf(name, type, material.slice(1));
  if (key.keyId !== keyId) throw malformed();
  return key;
}

function verifierKeyOf(name: string, type: SignatureType, publicKeyBytes: Uint8Array): VerifierKey {
  const keyId = keyIdOf(name, type, publicKeyBytes);
  const spki = Buffer.concat([SPKI_OF_ED25519, publicKeyBytes]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return { name, keyId, type, publicKey, publicKeyBytes };
}

function keyIdOf(name: string, type: SignatureType, publicKeyBytes: Uint8Array): string {
  if (!isKeyName(name)) throw malformed();
  const identified = Buffer.concat([Buffer.from(`${name}\n`), typed(type, publicKeyBytes)]);
  return Buffer.from(sha256(identified).subarray(0, 4)).toString('hex');
}

function typed(type: SignatureType, publicKeyBytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(TYPE_OCTETS[type]), publicKeyBytes]);
}

function typeOf(octet: number | undefined): SignatureType | undefined {
  if (octet === TYPE_OCTETS.ed25519) return 'ed25519';
  return octet === TYPE_OCTETS['cosignature-v1'] ? 'cosignature-v1' : undefined;
}

function malformed(): NoteError {
  return new NoteError('malformed-key', 'not a well-formed verifier key of a supported type');
}
