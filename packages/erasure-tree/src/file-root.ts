import type { Clock } from '@mnv/core';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readRootFile, writeRootFile } from './root-file.ts';
import type { RootEntry, RootFile } from './root-file.ts';
import { sealUnderRoot, openUnderRoot } from './root-seal.ts';
import { RootUnavailableError } from './root-provider.ts';
import type { RootProvider } from './root-provider.ts';
import { wrappingKey } from './root-wrapping-key.ts';

export type FileRootOptions = {
  /** The root versions, each encrypted. Made with the first version; mode 0600. */
  readonly file: string;
  /** At least 32 bytes that the wrapping key is derived from. Keep it on other media than `file`. */
  readonly keyFile: string;
  readonly clock?: Clock;
};

/**
 * Root versions in an encrypted file. Assurance `none`: a file system, an SSD or a backup may keep what was
 * overwritten. One process at a time makes or destroys versions (the holder of the epoch's lease).
 */
export function createFileRoot({ file, keyFile, clock = Date.now }: FileRootOptions): RootProvider {
  const wrappingKeyOf = wrappingKey(keyFile);
  let writes: Promise<unknown> = Promise.resolve();

  /** Reads, destroys what is due, applies the change, and makes the result durable before it returns. */
  function change<T>(apply: (state: RootFile) => T | Promise<T>): Promise<T> {
    const run = writes.then(async () => {
      const state = destroyDue(await readRootFile(file), clock());
      const result = await apply(state);
      await writeRootFile(file, state);
      return result;
    });
    writes = run.catch(() => undefined);
    return run;
  }

  async function look(): Promise<RootFile> {
    const state = await readRootFile(file);
    return state.roots.some((root) => isDue(root, clock())) ? change((fresh) => fresh) : state;
  }

  async function keyOf(ref: string): Promise<KeyObject> {
    const state = await look();
    const root = state.roots.find((entry) => entry.ref === ref);
    if (root === undefined) throw new RootUnavailableError('unknown');
    if (root.status !== 'enabled' || root.sealedKey === undefined) {
      throw new RootUnavailableError(root.status);
    }
    const raw = openUnderRoot(
      await wrappingKeyOf(state),
      Buffer.from(root.sealedKey, 'base64'),
      label(ref),
    );
    const key = createSecretKey(raw);
    raw.fill(0);
    return key;
  }

  return {
    describe: () => ({ kind: 'file', assurance: 'none', minPendingSeconds: 0, residualSeconds: 0 }),
    create: (ref) =>
      change(async (state) => {
        if (state.roots.some((root) => root.ref === ref))
          throw new RootUnavailableError('label taken');
        const raw = randomBytes(32);
        const sealedKey = sealUnderRoot(await wrappingKeyOf(state), raw, label(ref)).toString(
          'base64',
        );
        raw.fill(0);
        state.roots.push({ ref, status: 'enabled', createdAt: clock(), sealedKey });
        return { ref, birthEvidence: [] };
      }),
    seal: async (ref, secret, context) => {
      if (secret.length > 64) throw new RangeError('a root seals at most 64 bytes');
      return sealUnderRoot(await keyOf(ref), secret, context);
    },
    open: async (ref, blob, context) => openUnderRoot(await keyOf(ref), blob, context),
    disable: (ref) =>
      change((state) => {
        const root = requireRoot(state, ref);
        if (root.status === 'enabled') root.status = 'disabled';
      }),
    scheduleDestroy: (ref, notBefore) =>
      change((state) => {
        const root = requireRoot(state, ref);
        if (root.status !== 'destroyed')
          Object.assign(root, { status: 'pending', destroyAt: notBefore });
        destroyDue(state, clock());
        return { effectiveAt: root.destroyAt ?? notBefore };
      }),
    status: async (ref) =>
      (await look()).roots.find((root) => root.ref === ref)?.status ?? 'unknown',
    evidence: async () => [],
    list: async (prefix) =>
      (await look()).roots.map(({ ref }) => ref).filter((ref) => ref.startsWith(prefix)),
  };
}

function label(ref: string): Buffer {
  return Buffer.from(`mnv/root-file/v1\0${ref}`, 'utf8');
}

function requireRoot(state: RootFile, ref: string): RootEntry {
  const root = state.roots.find((entry) => entry.ref === ref);
  if (root === undefined) throw new RootUnavailableError('unknown');
  return root;
}

function isDue({ status, destroyAt }: RootEntry, now: number): boolean {
  return status === 'pending' && destroyAt !== undefined && destroyAt <= now;
}

/** A destroyed version keeps its name, so that it is known to have existed; its key leaves the file. */
function destroyDue(state: RootFile, now: number): RootFile {
  for (const root of state.roots.filter((entry) => isDue(entry, now))) {
    delete root.sealedKey;
    root.status = 'destroyed';
  }
  return state;
}
