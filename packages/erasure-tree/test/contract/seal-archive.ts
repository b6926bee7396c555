import type { KeyObject } from 'node:crypto';
import { nodeSealer } from '../../src/index.ts';
import type { RootProvider, Sealer } from '../../src/index.ts';
import { isEmptySecret, secretAt } from '../../src/opened-nodes.ts';
import { RADIX } from '../../src/place.ts';

/**
 * Everything an attacker with every backup, dump and log segment of all time holds: which key has ever sealed
 * which. What a rolled-back transaction sealed counts as well.
 */
export type SealArchive = {
  readonly sealer: Sealer;
  readonly root: RootProvider;
  /** Every secret that follows from the root versions that still exist. */
  reachable(): Promise<Set<string>>;
  /** How often a root version was made, sealed or opened with. */
  readonly rootCalls: { create: number; seal: number; open: number };
};

export const hexOf = (key: KeyObject): string => key.export().toString('hex');

export function sealArchive(root: RootProvider): SealArchive {
  const sealedUnder = new Map<string, Set<string>>();
  const rootCalls = { create: 0, seal: 0, open: 0 };
  const note = (key: string, secret: Uint8Array): void => {
    const secrets = sealedUnder.get(key) ?? new Set();
    sealedUnder.set(key, secrets.add(Buffer.from(secret).toString('hex')));
  };
  return {
    rootCalls,
    sealer: {
      ...nodeSealer,
      sealNode(key, identity, secrets) {
        for (let slot = 0; slot < RADIX; slot += 1) {
          const secret = secretAt(secrets, slot);
          if (!isEmptySecret(secret)) note(hexOf(key), secret);
        }
        return nodeSealer.sealNode(key, identity, secrets);
      },
    },
    root: {
      ...root,
      create: (label) => {
        rootCalls.create += 1;
        return root.create(label);
      },
      seal: (ref, secret, context) => {
        rootCalls.seal += 1;
        note(ref, secret);
        return root.seal(ref, secret, context);
      },
      open: (ref, blob, context) => {
        rootCalls.open += 1;
        return root.open(ref, blob, context);
      },
    },
    async reachable() {
      const found = new Set<string>();
      const open: string[] = [];
      for (const ref of await root.list('')) {
        if ((await root.status(ref)) !== 'destroyed') open.push(ref);
      }
      for (let key = open.pop(); key !== undefined; key = open.pop()) {
        for (const secret of sealedUnder.get(key) ?? []) {
          if (!found.has(secret)) open.push(secret);
          found.add(secret);
        }
      }
      return found;
    },
  };
}
