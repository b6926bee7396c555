import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { SECRETS_BYTES, SECRET_BYTES } from './node-blob.ts';
import { placeKey } from './place.ts';
import type { Place } from './place.ts';

export type CacheLimits = { readonly entries: number; readonly ttlMs: number };

/** 4,096 opened inner nodes (8 MB) reach 16 million positions without a read. */
export const DEFAULT_CACHE: CacheLimits = { entries: 4096, ttlMs: 300_000 };
const MAX_TTL_MS = 600_000;

type Opened = { secrets: Buffer; expiresAt: number };

/**
 * The secrets of inner nodes opened lately: bounded, least recently used out first, at most ten minutes
 * old. A cached key may be out of date; the node's own commitment finds out, and the path is read again.
 * Leaves are never kept: no record key outlives the request that needed it.
 */
export type OpenedNodes = {
  /** The key in a slot: undefined when the node is not here. The bytes are a view, valid until the next await. */
  secretOf(place: Place, slot: number): Buffer | undefined;
  put(place: Place, secrets: Buffer): void;
  /** The top key under this seal: a flip makes another seal, so an old top key is never found for it. */
  topKey(sealed: Buffer): KeyObject | undefined;
  putTopKey(sealed: Buffer, key: KeyObject): void;
  clear(): void;
};

export function openedNodes(clock: Clock, limits: CacheLimits = DEFAULT_CACHE): OpenedNodes {
  if (limits.ttlMs > MAX_TTL_MS) throw new RangeError('opened nodes are kept ten minutes at most');
  const entries = new Map<string, Opened>();
  let top: { sealed: Buffer; key: KeyObject; expiresAt: number } | undefined;
  const drop = (key: string, opened: Opened): void => {
    opened.secrets.fill(0);
    entries.delete(key);
  };
  return {
    secretOf(place, slot) {
      const key = placeKey(place);
      const opened = entries.get(key);
      if (opened === undefined) return undefined;
      if (opened.expiresAt <= clock()) {
        drop(key, opened);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, opened);
      return secretAt(opened.secrets, slot);
    },
    put(place, secrets) {
      const key = placeKey(place);
      const before = entries.get(key);
      if (before) drop(key, before);
      const copy = Buffer.allocUnsafeSlow(SECRETS_BYTES);
      secrets.copy(copy);
      entries.set(key, { secrets: copy, expiresAt: clock() + limits.ttlMs });
      const [oldest] = entries;
      if (entries.size > limits.entries && oldest) drop(...oldest);
    },
    topKey: (sealed) =>
      top !== undefined && top.expiresAt > clock() && top.sealed.equals(sealed)
        ? top.key
        : undefined,
    putTopKey(sealed, key) {
      top = { sealed, key, expiresAt: clock() + limits.ttlMs };
    },
    clear() {
      top = undefined;
      for (const [key, opened] of entries) drop(key, opened);
    },
  };
}

/** A view of one of the 64 secrets. */
export function secretAt(secrets: Buffer, slot: number): Buffer {
  return secrets.subarray(slot * SECRET_BYTES, (slot + 1) * SECRET_BYTES);
}

/** A slot of zeros holds no key. A real key is all zeros with probability 2^-256. */
export function isEmptySecret(secret: Buffer): boolean {
  return secret.every((byte) => byte === 0);
}
