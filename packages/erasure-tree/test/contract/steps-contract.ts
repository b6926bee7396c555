import { describe, expect, it } from '@jest/globals';
import {
  RootUnavailableError,
  UnopenableError,
  erasureEpoch,
  mapHeadBefore,
} from '../../src/index.ts';
import type { EpochHooks, ErasedSlot, ErasurePlan } from '../../src/index.ts';
import { S_ROOT, S_TREE, tenantPlace } from '../../src/place.ts';
import type { Backend } from './backend.ts';
import { driveEpoch, runEpoch } from './run-epoch.ts';
import { treeWorld } from './world.ts';
import type { World } from './world.ts';

const tenantId = 't-001';

const planOf = (epoch: number, ...positions: number[]): ErasurePlan => ({
  epoch,
  intentIndex: epoch,
  items: new Map(positions.length > 0 ? [[tenantId, positions]] : []),
});

const quiet = <Tx>(changed: Partial<EpochHooks<Tx>> = {}): EpochHooks<Tx> => ({
  fence: async () => undefined,
  erased: async () => undefined,
  flipped: async () => undefined,
  ...changed,
});

async function runQuietly<Tx>(world: World<Tx>, plan: ErasurePlan): Promise<void> {
  const between = async () => undefined;
  await runEpoch(world, { plan, crashes: [], between, drive: driveEpoch });
}

function newestOf<Tx>({ living }: World<Tx>, count: number): number[] {
  return [...(living.get(tenantId)?.keys() ?? [])].slice(-count);
}

/** The steps of an epoch, one promise at a time. */
export function describeEpochSteps<Tx>(backend: Backend<Tx>): void {
  async function worldWith(count: number): Promise<World<Tx>> {
    const world = await treeWorld(await backend.empty());
    await world.addTenant(tenantId);
    for (let rest = count; rest > 0; rest -= 4096)
      await world.allocate(tenantId, Math.min(rest, 4096));
    return world;
  }

  describe(`the steps of an epoch on ${backend.name}`, () => {
    it.each([
      { records: 1, height: 1 },
      { records: 100, height: 2 },
      { records: 4200, height: 3 },
    ])('re-key one path for one of $records records', async ({ records, height }) => {
      const world = await worldWith(records);
      const before = await world.store.countBefore(2);
      await runQuietly(world, planOf(2, records - 1));
      // The key tree's path, the tenant node and the three levels of the tree of tenants.
      expect(before - (await world.store.countBefore(2))).toBe(height + 1 + 3);
    });

    it('ask the root provider as often for a thousand records as for one', async () => {
      const calls = [];
      for (const positions of [[7], Array.from({ length: 1000 }, (_, at) => at)]) {
        const world = await worldWith(1100);
        const before = { ...world.archive.rootCalls };
        const epoch = erasureEpoch(world.instance().parts, planOf(2, ...positions), quiet<Tx>());
        for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
        const { create, seal, open } = world.archive.rootCalls;
        calls.push([create - before.create, seal - before.seal, open - before.open]);
      }
      expect(calls).toEqual([
        [1, 1, 2],
        [1, 1, 2],
      ]);
    });

    it('make a plan without items a rotation: a fresh key for every node, also those made meanwhile', async () => {
      const world = await worldWith(100);
      await world.addTenant('t-002');
      let left = 40;
      await runEpoch(world, {
        plan: planOf(2),
        crashes: [],
        between: async () => {
          left -= 1;
          if (left > 0) await world.allocate(tenantId, 30);
        },
        drive: driveEpoch,
      });
      expect(await world.store.countBefore(2)).toBe(0);
    });

    it('answer readers inside the transaction that erases, also one whose cache is from before', async () => {
      const world = await worldWith(130);
      const warm = world.instance();
      await warm.keysOf(tenantId, [0, 70]);
      const answers: number[][] = [];
      const erased = async () => {
        answers.push([...(await warm.keysOf(tenantId, [0, 70])).keys()]);
        answers.push([...(await world.instance().keysOf(tenantId, [0, 70])).keys()]);
      };
      const epoch = erasureEpoch(world.instance().parts, planOf(2, 0), quiet<Tx>({ erased }));
      for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
      expect(answers).toEqual([
        [0, 70],
        [0, 70],
      ]);
      expect([...(await warm.keysOf(tenantId, [0, 70])).keys()]).toEqual([70]);
    });

    it('stop where the lease was lost, and go on under the next holder', async () => {
      const world = await worldWith(130);
      let holder = 'first';
      const hooksOf = (name: string) =>
        quiet<Tx>({
          fence: async () => {
            if (holder !== name) throw new Error('the lease is lost');
          },
        });
      const plan = planOf(2, 3, 100);
      const first = erasureEpoch(world.instance().parts, plan, hooksOf('first'));
      await first.next();
      await first.next();
      holder = 'second';
      await expect(first.next()).rejects.toThrow('the lease is lost');
      const second = erasureEpoch(world.instance().parts, plan, hooksOf('second'));
      for (let did = ''; did !== 'nothing'; ) ({ did } = await second.next());
      expect((await world.store.readHead())?.epoch).toBe(2);
      await expect(first.next()).resolves.toMatchObject({ did: 'nothing' });
    });

    it('stop before the flip when the lease is lost just then', async () => {
      const world = await worldWith(1);
      let held = true;
      const fence = async () => {
        if (!held) throw new Error('the lease is lost');
      };
      const epoch = erasureEpoch(world.instance().parts, planOf(2, 0), quiet<Tx>({ fence }));
      // One chunk for each node on the path but the S-root, after the root version.
      for (let steps = 0; steps < 5; steps += 1) {
        expect((await epoch.next()).did).not.toBe('flipped');
      }
      held = false;
      await expect(epoch.next()).rejects.toThrow('the lease is lost');
      expect((await world.store.readHead())?.epoch).toBe(1);
      held = true;
      expect((await epoch.next()).did).toBe('flipped');
    });

    it('give every node on a path a new key generation, and keep no opened node of before', async () => {
      const world = await worldWith(1);
      const places = [
        { tree: 1, level: 0, index: 0 },
        tenantPlace(1),
        ...[0, 1, 2].map((level) => ({ tree: S_TREE, level, index: 0 })),
      ];
      const before = await world.store.readNodes(places);
      const tree = world.instance();
      await tree.keysOf(tenantId, [0]);
      const epoch = erasureEpoch(tree.parts, planOf(2, 0), quiet<Tx>());
      for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
      const after = await world.store.readNodes(places);
      expect(after.map(({ keyGeneration }) => keyGeneration)).toEqual(
        before.map(({ keyGeneration }) => keyGeneration + 1),
      );
      expect(tree.parts.opened.secretOf(S_ROOT, 0)).toBeUndefined();
    });

    it('end in one flip when two runners work on one plan', async () => {
      const world = await worldWith(200);
      let flips = 0;
      await runEpoch(world, {
        plan: planOf(2, 0, 64, 199),
        crashes: [],
        between: async () => undefined,
        drive: async (parts, plan, { hooks }) => {
          const flipped: typeof hooks.flipped = async (flip, tx) => {
            await hooks.flipped(flip, tx);
            flips += 1;
          };
          const run = async () => {
            const epoch = erasureEpoch(parts, plan, { ...hooks, flipped });
            for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
          };
          await erasureEpoch(parts, plan, hooks).next();
          await Promise.all([run(), run()]);
        },
      });
      expect(flips).toBe(1);
    });

    it('do not flip to a root version that does not open what it sealed', async () => {
      const world = await worldWith(1);
      const { store, root } = world;
      const open: typeof root.open = async (ref, blob, context) =>
        ref.endsWith('-2') ? Buffer.alloc(32) : root.open(ref, blob, context);
      const broken = world.instance({ store, root: { ...root, open } });
      const epoch = erasureEpoch(broken.parts, planOf(2, 0), quiet<Tx>());
      const run = async () => {
        for (let did = ''; did !== 'flipped'; ) ({ did } = await epoch.next());
      };
      await expect(run()).rejects.toThrow(UnopenableError);
      expect((await store.readHead())?.epoch).toBe(1);
    });

    it('refuse an epoch whose root version was destroyed with an aborted one', async () => {
      const world = await worldWith(1);
      await world.root.create('mnv-root-test-2');
      await world.root.scheduleDestroy('mnv-root-test-2', 0);
      const epoch = erasureEpoch(world.instance().parts, planOf(2, 0), quiet<Tx>());
      await expect(epoch.next()).rejects.toThrow(RootUnavailableError);
      await runQuietly(world, planOf(3, 0));
    });

    it('report an erased slot once, and leave it as it is in a later epoch', async () => {
      const world = await worldWith(3);
      await runQuietly(world, planOf(2, 1));
      const again: ErasedSlot[] = [];
      const erased = async (slots: readonly ErasedSlot[]) => void again.push(...slots);
      const epoch = erasureEpoch(world.instance().parts, planOf(3, 1, 2), quiet<Tx>({ erased }));
      for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
      expect(again.map(({ position }) => position)).toEqual([2]);
    });

    it('let nothing join a leaf that they are about to erase from', async () => {
      const world = await worldWith(10);
      await mapHeadBefore(world.instance().parts, planOf(2, 4), async () => undefined);
      await world.allocate(tenantId, 1);
      await runQuietly(world, planOf(2, 4));
      await world.allocate(tenantId, 1);
      expect(newestOf(world, 2)).toEqual([64, 65]);
    });

    it('let nothing join a leaf that they have erased from', async () => {
      const world = await worldWith(10);
      const epoch = erasureEpoch(world.instance().parts, planOf(2, 4), quiet<Tx>());
      for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
      await world.allocate(tenantId, 1);
      expect(newestOf(world, 1)).toEqual([64]);
    });
  });
}
