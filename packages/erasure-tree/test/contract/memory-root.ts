import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { RootUnavailableError } from '../../src/index.ts';
import type { RootProvider, RootStatus } from '../../src/index.ts';
import { openUnderRoot, sealUnderRoot } from '../../src/root-seal.ts';

type Version = { key: KeyObject; status: RootStatus };

/** Root versions of one test, in memory. Destruction is immediate. */
export function memoryRoot(): RootProvider {
  const versions = new Map<string, Version>();
  const usable = (ref: string): KeyObject => {
    const version = versions.get(ref);
    if (version?.status !== 'enabled') throw new RootUnavailableError('not enabled');
    return version.key;
  };
  const set = (ref: string, status: RootStatus): void => {
    versions.set(ref, { key: versions.get(ref)?.key as KeyObject, status });
  };
  return {
    describe: () => ({
      kind: 'memory',
      assurance: 'none',
      minPendingSeconds: 0,
      residualSeconds: 0,
    }),
    create: async (label) => {
      if (versions.has(label)) throw new RootUnavailableError('label taken');
      versions.set(label, { key: createSecretKey(randomBytes(32)), status: 'enabled' });
      return { ref: label, birthEvidence: [] };
    },
    seal: async (ref, secret, context) => sealUnderRoot(usable(ref), secret, context),
    open: async (ref, blob, context) => openUnderRoot(usable(ref), blob, context),
    disable: async (ref) => set(ref, 'disabled'),
    scheduleDestroy: async (ref, notBefore) => {
      set(ref, 'destroyed');
      return { effectiveAt: notBefore };
    },
    status: async (ref) => versions.get(ref)?.status ?? 'unknown',
    evidence: async () => [],
    list: async (prefix) => [...versions.keys()].filter((ref) => ref.startsWith(prefix)),
  };
}
