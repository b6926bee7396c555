import type { Adapter, AdapterPayload } from 'oidc-provider';

type Kept = { payload: AdapterPayload; expiresAt: number };

const SWEEP_EVERY = 256;

/**
 * Memory of one provider, by model. Nothing is dropped before it expires: a store that evicts the oldest
 * would let somebody push a used assertion out and use it again.
 */
export function createExpiringStore(now: () => number): (model: string) => Adapter {
  const kept = new Map<string, Kept>();
  let writes = 0;

  function sweep(): void {
    writes += 1;
    if (writes % SWEEP_EVERY !== 0) return;
    for (const [key, { expiresAt }] of kept) if (expiresAt <= now()) kept.delete(key);
  }

  function read(key: string): AdapterPayload | undefined {
    const found = kept.get(key);
    return found !== undefined && found.expiresAt > now() ? found.payload : undefined;
  }

  function dropGrant(grantId: string): void {
    for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
  }

  function findByUid(model: string, uid: string): AdapterPayload | undefined {
    for (const [key, { payload }] of kept) {
      if (key.startsWith(`${model}:`) && payload.uid === uid) return read(key);
    }
    return undefined;
  }

  return (model) => ({
    upsert: async (id, payload, expiresIn) => {
      sweep();
      const expiresAt =
        expiresIn === undefined ? Number.POSITIVE_INFINITY : now() + expiresIn * 1000;
      kept.set(`${model}:${id}`, { payload, expiresAt });
    },
    find: async (id) => read(`${model}:${id}`),
    findByUid: async (uid) => findByUid(model, uid),
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const payload = read(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(now() / 1000);
    },
    destroy: async (id) => void kept.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId) => dropGrant(grantId),
  });
}
