import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { KeyTree } from '@mnv/erasure-tree';
import type { Logger, Repeated } from '@mnv/service-kit';
import { repeatedly, safeFacts } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import { InstanceLease } from './instance-lease.ts';
import { beat, insertInstance, markStopped } from './instance.repository.ts';

const BEAT_MS = 1_000;

export type OpenedInstance = { lease: InstanceLease; beating: Repeated };

/** Makes this process known among the instances of the vault. Its beat is not started. */
export async function openInstance(parts: {
  db: Kysely<VaultDatabase>;
  tree: KeyTree<KeyTreeTransaction>;
  instanceId: string;
  log: Logger;
}): Promise<OpenedInstance> {
  const { db, tree, log } = parts;
  const instance = { instanceId: parts.instanceId, bootId: randomUUID() };
  const head = await tree.parts.store.readHead();
  if (!head) throw new Error('there is no key tree');
  await insertInstance(db, instance);
  const lease = new InstanceLease({
    beat: (acked) => beat(db, { ...instance, acked }),
    forget: () => tree.forget(),
    startedAt: head.epoch,
  });
  await lease.renew();
  const beating = repeatedly(() => lease.renew(), {
    everyMs: BEAT_MS,
    tryAgainMs: BEAT_MS,
    onFault: (error) => log.error('the lease was not renewed', safeFacts(error)),
  });
  return {
    lease,
    beating: {
      start: beating.start,
      stop: async () => {
        await beating.stop();
        tree.forget();
        await markStopped(db, instance).catch(() => undefined); // it falls silent instead
      },
    },
  };
}
