import { describe, expect, it } from '@jest/globals';
import {
  UnprovableError,
  erasureEpoch,
  isHashOfMapHead,
  mapHeadBefore,
  mapHeadHash,
  proveSlots,
  provesSlot,
  refreshMap,
  verifyErasure,
} from '../../src/index.ts';
import type { ErasureEvidence, MapHead, ProvenSlot, SlotClaim } from '../../src/index.ts';
import type { Backend } from './backend.ts';
import { mutants } from './mutants.ts';
import { naiveDekCommitment, naiveMapHead, naiveRoot } from './naive-map.ts';
import type { NaiveTenant } from './naive-map.ts';
import { treeWorld } from './world.ts';
import type { World } from './world.ts';

const tenantId = 't-001';
const free = async () => undefined;
const INTENT = 77;

const commitmentOf = <Tx>({ living, erased }: World<Tx>, position: number): Buffer => {
  const key = living.get(tenantId)?.get(position) ?? erased.get(tenantId)?.get(position);
  return naiveDekCommitment(tenantId, position, key as string);
};

async function proofOf<Tx>({ store }: World<Tx>, head: MapHead, position: number) {
  for await (const proven of proveSlots(store, head, { tenantId, positions: [position] })) {
    return proven;
  }
  throw new Error('no proof');
}

/** Erases positions of the tenant in epoch 2; gives the head of the flip. */
async function erase<Tx>(world: World<Tx>, positions: number[]): Promise<MapHead> {
  const heads: MapHead[] = [];
  const hooks = {
    fence: free,
    erased: free,
    flipped: async ({ mapHead }: { mapHead: MapHead }) => void heads.push(mapHead),
  };
  const plan = { epoch: 2, intentIndex: INTENT, items: new Map([[tenantId, positions]]) };
  const epoch = erasureEpoch(world.instance().parts, plan, hooks);
  for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
  const gone = new Map<number, string>();
  for (const position of positions) {
    gone.set(position, world.living.get(tenantId)?.get(position) as string);
    world.living.get(tenantId)?.delete(position);
  }
  world.erased.set(tenantId, gone);
  return heads.at(-1) as MapHead;
}

async function naive<Tx>({ store, living, erased }: World<Tx>): Promise<Buffer> {
  const tenants: NaiveTenant[] = [];
  for (const tenant of await store.tenants()) {
    const at = (position: number, key: string) => ({
      dekCommitment: naiveDekCommitment(tenant.tenantId, position, key),
    });
    const state = { erased: { epoch: 2, intentIndex: INTENT } };
    const here = [...(living.get(tenant.tenantId) ?? [])].map(
      ([p, key]) => [p, at(p, key)] as const,
    );
    const gone = [...(erased.get(tenant.tenantId) ?? [])].map(
      ([p, key]) => [p, { ...at(p, key), ...state }] as const,
    );
    tenants.push({
      tree: tenant.ordinal,
      height: tenant.height,
      slots: new Map([...here, ...gone]),
    });
  }
  return naiveRoot(store, tenants);
}

/** The live-key map: what an outsider can check without any key. */
export function describeLiveKeyMap<Tx>(backend: Backend<Tx>): void {
  async function worldWith(count: number): Promise<World<Tx>> {
    const world = await treeWorld(await backend.empty());
    for (const tenant of [tenantId, 't-002']) await world.addTenant(tenant);
    await world.allocate(tenantId, count);
    await world.allocate('t-002', 3);
    return world;
  }

  async function erasure(): Promise<{ evidence: ErasureEvidence; other: ProvenSlot }> {
    const world = await worldWith(200);
    const { parts } = world.instance();
    const items = new Map([[tenantId, [130]]]);
    const before = await mapHeadBefore(parts, { items }, free);
    const [live, other] = [await proofOf(world, before, 130), await proofOf(world, before, 131)];
    const after = await erase(world, [130]);
    const gone = await proofOf(world, after, 130);
    const { tree, position } = live;
    const dekCommitment = commitmentOf(world, position);
    const evidence = {
      tree,
      position,
      dekCommitment,
      intentIndex: INTENT,
      before: { head: before, proof: live.proof },
      after: { head: after, proof: gone.proof },
    };
    return { evidence, other };
  }

  describe(`the live-key map on ${backend.name}`, () => {
    it('has the head that the published layout gives, as nodes are added, erased from and refreshed', async () => {
      const world = await worldWith(70);
      const { parts } = world.instance();
      expect((await refreshMap(parts, free)).nodeHash).toEqual(await naive(world));
      await world.allocate(tenantId, 100);
      await world.addTenant('t-003');
      const grown = await refreshMap(parts, free);
      expect(grown.nodeHash).toEqual(await naive(world));
      const flipped = await erase(world, [0, 65, 169]);
      expect(flipped.nodeHash).toEqual(await naive(world));
      expect(await refreshMap(parts, free)).toEqual(flipped);
      expect(mapHeadHash(flipped)).toEqual(naiveMapHead(flipped));
      expect(isHashOfMapHead(naiveMapHead(flipped), flipped)).toBe(true);
      expect(isHashOfMapHead(naiveMapHead(grown), flipped)).toBe(false);
    });

    it('is right in the middle of an epoch too', async () => {
      const world = await worldWith(200);
      const { parts } = world.instance();
      await refreshMap(parts, free);
      const hooks = { fence: free, erased: free, flipped: free };
      const plan = { epoch: 2, intentIndex: INTENT, items: new Map([[tenantId, [0, 65, 66]]]) };
      const epoch = erasureEpoch(parts, plan, hooks);
      await epoch.next();
      await epoch.next();
      const gone = [0, 65, 66].map(
        (position) => [position, world.living.get(tenantId)?.get(position) as string] as const,
      );
      world.erased.set(tenantId, new Map(gone));
      expect((await refreshMap(parts, free)).nodeHash).toEqual(await naive(world));
    });

    it('proves what a slot is, and nothing else of it', async () => {
      const world = await worldWith(200);
      const head = await refreshMap(world.instance().parts, free);
      for (const position of [0, 63, 64, 130, 199, 210]) {
        const { tree, proof } = await proofOf(world, head, position);
        const dekCommitment = commitmentOf(world, position === 210 ? 199 : position);
        const live = { state: 'live', position, dekCommitment } as const;
        const erased = { ...live, state: 'erased', erasedEpoch: 1, intentIndex: 0 } as const;
        const says = (slot: SlotClaim['slot']) => provesSlot(head, { tree, position, slot, proof });
        const wrong = { ...live, dekCommitment: commitmentOf(world, 5) };
        expect([live, { state: 'empty' } as const, erased, wrong].map(says)).toEqual(
          position === 210 ? [false, true, false, false] : [true, false, false, false],
        );
      }
    });

    it('still proves a head after positions, tops and tenants were added', async () => {
      const world = await worldWith(60);
      const items = new Map([[tenantId, [3]]]);
      const head = await mapHeadBefore(world.instance().parts, { items }, free);
      await world.allocate(tenantId, 300);
      await world.addTenant('t-003');
      const { tree, position, proof } = await proofOf(world, head, 3);
      const slot = { state: 'live', position, dekCommitment: commitmentOf(world, 3) } as const;
      expect(proof.height).toBe(1);
      expect(provesSlot(head, { tree, position, slot, proof })).toBe(true);
    });

    it('gives no proof that does not lead to the head', async () => {
      const world = await worldWith(100);
      const { parts } = world.instance();
      const old = await refreshMap(parts, free);
      await world.allocate(tenantId, 2);
      await expect(proofOf(world, old, 70)).rejects.toThrow(UnprovableError);
      await refreshMap(parts, free);
      await expect(proofOf(world, old, 70)).rejects.toThrow(UnprovableError);
      await expect(proofOf(world, old, 64 ** 5)).rejects.toThrow(UnprovableError);
    });

    it('shows an erasure: LIVE before, ERASED after, every key on the path another', async () => {
      const { evidence } = await erasure();
      expect(verifyErasure(evidence)).toEqual({
        liveBefore: true,
        erasedAfter: true,
        keysChanged: true,
      });
    });

    it('tells an epoch that left a key on the path as it was', async () => {
      const world = await worldWith(70);
      const { parts } = world.instance();
      const plan = { epoch: 2, intentIndex: INTENT, items: new Map([[tenantId, [5]]]) };
      const before = await mapHeadBefore(parts, plan, free);
      const live = await proofOf(world, before, 5);
      const hooks = { fence: free, erased: free, flipped: free };
      await mutants['that re-keys no tenant nodes']?.(parts, plan, { hooks, between: free });
      const after = await refreshMap(parts, free);
      const gone = await proofOf(world, after, 5);
      const { tree, position } = live;
      const dekCommitment = commitmentOf(world, 5);
      const proofs = {
        before: { head: before, proof: live.proof },
        after: { head: after, proof: gone.proof },
      };
      const evidence = { tree, position, dekCommitment, intentIndex: INTENT, ...proofs };
      expect(verifyErasure(evidence)).toEqual({
        liveBefore: true,
        erasedAfter: true,
        keysChanged: false,
      });
    });

    it('shows no erasure with any evidence changed', async () => {
      const { evidence, other } = await erasure();
      const { before, after } = evidence;
      const wrong: ErasureEvidence[] = [
        { ...evidence, before: after, after: before },
        { ...evidence, after: before },
        { ...evidence, before: after },
        { ...evidence, position: 131 },
        { ...evidence, tree: evidence.tree + 1 },
        { ...evidence, tree: -1 },
        { ...evidence, position: 0.5 },
        { ...evidence, intentIndex: INTENT + 1 },
        { ...evidence, intentIndex: -1 },
        { ...evidence, dekCommitment: evidence.dekCommitment.subarray(1) },
        { ...evidence, before: { ...before, proof: other.proof } },
        {
          ...evidence,
          before: { ...before, head: { ...before.head, rootRef: after.head.rootRef } },
        },
        { ...evidence, after: { ...after, head: { ...after.head, epoch: before.head.epoch } } },
        { ...evidence, after: { ...after, head: { ...after.head, epoch: 2 ** 40 } } },
        { ...evidence, after: { ...after, proof: { height: 9, steps: after.proof.steps } } },
        { ...evidence, after: { ...after, proof: { height: 2, steps: [] } } },
      ];
      for (const one of wrong) {
        expect(Object.values(verifyErasure(one)).every(Boolean)).toBe(false);
      }
    });

    it('shows no erasure with any byte of a proof or head changed', async () => {
      const { evidence: given } = await erasure();
      // Each hash with bytes of its own: in memory the head and the proof share some.
      const apart = ({ head, proof }: ErasureEvidence['after']) => ({
        head: structuredClone(head),
        proof: structuredClone(proof),
      });
      const evidence = { ...given, before: apart(given.before), after: apart(given.after) };
      const bytes = [evidence.before, evidence.after].flatMap(({ head, proof }) => [
        head.nodeHash,
        head.topKeyCommitment,
        ...proof.steps.flatMap(({ keyCommitment, siblings }) => [keyCommitment, ...siblings]),
      ]);
      const shared = new Set([...bytes, evidence.dekCommitment] as Uint8Array[]);
      let checked = 0;
      for (const array of shared) {
        array[checked % 32] = (array[checked % 32] as number) ^ 1;
        expect(Object.values(verifyErasure(evidence)).every(Boolean)).toBe(false);
        array[checked % 32] = (array[checked % 32] as number) ^ 1;
        checked += 1;
      }
      expect(checked).toBeGreaterThan(80);
      expect(Object.values(verifyErasure(evidence)).every(Boolean)).toBe(true);
    });

    it('is refreshed by the lease holder alone', async () => {
      const world = await worldWith(60);
      const lost = async () => {
        throw new Error('the lease is lost');
      };
      await expect(refreshMap(world.instance().parts, lost)).rejects.toThrow('the lease is lost');
      expect(await world.store.staleTrees()).not.toEqual([]);
    });
  });
}
