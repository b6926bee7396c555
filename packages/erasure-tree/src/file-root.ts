import type { Clock } from '@mnv/core';
import { fileVersions, findRoot, requireRoot } from './file-versions.ts';
import type { RootProvider } from './root-provider.ts';
import { openUnderRoot, sealUnderRoot } from './root-seal.ts';

export type FileRootOptions = {
  /** The root versions, each encrypted. Made with the first version; mode 0600. */
  readonly file: string;
  /** At least 32 bytes that the wrapping key is derived from. Keep it on other media than `file`. */
  readonly keyFile: string;
  /**
   * Remembers the newest change of `file`, so that an old copy put back in its place is refused. Beside the
   * key file unless said otherwise: a backup of `file` must not bring it along.
   */
  readonly memoryFile?: string;
  readonly clock?: Clock;
};

const MAX_SECRET_BYTES = 64;

/**
 * Root versions in an encrypted file. Assurance `none`: a file system, an SSD or a backup may keep what was
 * overwritten. One process at a time makes or destroys versions (the holder of the epoch's lease).
 */
export function createFileRoot(options: FileRootOptions): RootProvider {
  const versions = fileVersions({
    clock: Date.now,
    memoryFile: `${options.keyFile}.memory`,
    ...options,
  });
  return {
    describe: () => ({ kind: 'file', assurance: 'none', minPendingSeconds: 0, residualSeconds: 0 }),
    create: (ref) => versions.create(ref),
    seal: async (ref, secret, context) => {
      if (secret.length > MAX_SECRET_BYTES) throw new RangeError('a root seals at most 64 bytes');
      return sealUnderRoot(await versions.keyOf(ref), secret, context);
    },
    open: async (ref, blob, context) => openUnderRoot(await versions.keyOf(ref), blob, context),
    disable: (ref) =>
      versions.change((state) => {
        const root = requireRoot(state, ref);
        if (root.status === 'enabled') root.status = 'disabled';
      }),
    scheduleDestroy: (ref, notBefore) =>
      versions.change((state) => {
        const root = requireRoot(state, ref);
        // An order stands: it may be brought forward, never put off.
        const destroyAt = Math.min(notBefore, root.destroyAt ?? notBefore);
        if (root.status === 'destroyed') return { effectiveAt: destroyAt };
        Object.assign(root, { status: 'pending', destroyAt });
        return { effectiveAt: destroyAt };
      }),
    status: async (ref) => findRoot(await versions.look(), ref)?.status ?? 'unknown',
    evidence: async () => [],
    list: async (prefix) => {
      const { roots } = await versions.look();
      return roots.map(({ ref }) => ref).filter((ref) => ref.startsWith(prefix));
    },
  };
}
