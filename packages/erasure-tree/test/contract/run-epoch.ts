import { erasureEpoch, mapHeadBefore, proveSlots, verifyErasure } from '../../src/index.ts';
import type { EpochHooks, ErasedSlot, ErasurePlan, MapHead, ProvenSlot } from '../../src/index.ts';
import type { TreeParts } from '../../src/node-opener.ts';
import { Crash, crashing } from './crashes.ts';
import type { CrashPoint } from './crashes.ts';
import type { World } from './world.ts';

/** One try at an epoch, ended by its end or by a crash. A mutant is another one. */
export type Drive = <Tx>(
  parts: TreeParts<Tx>,
  plan: ErasurePlan,
  around: { readonly hooks: EpochHooks<Tx>; readonly between: () => Promise<void> },
) => Promise<void>;

/** The product: step by step until the flip, whatever happens between the steps. */
export const driveEpoch: Drive = async (parts, plan, { hooks, between }) => {
  const epoch = erasureEpoch(parts, plan, hooks);
  for (let did = ''; did !== 'nothing'; ) {
    // A writer is at work during the step, and another one after it.
    [{ did }] = await Promise.all([epoch.next(), between()]);
    await between();
  }
};

export type EpochRun = {
  readonly plan: ErasurePlan;
  readonly crashes: readonly CrashPoint[];
  readonly between: () => Promise<void>;
  readonly drive: Drive;
};

/** What an epoch must not do. */
export class Violation extends Error {
  readonly what: 'reachable' | 'lost' | 'unproved';

  constructor(what: Violation['what'], detail: string) {
    super(`${what}: ${detail}`);
    this.what = what;
  }
}

/** Runs an epoch through its crashes, destroys the old root versions, and checks every promise. */
export async function runEpoch<Tx>(world: World<Tx>, run: EpochRun): Promise<void> {
  const { plan } = run;
  const lease = { fence: async () => undefined };
  const before = await mapHeadBefore(world.instance().parts, plan, lease.fence);
  const liveProofs = await proofsOf(world, before, plan);
  const { after, slots } = await throughCrashes(world, run);
  moveToErased(world, plan);
  await world.destroyOldRoots();
  await assertUnreachable(world);
  await assertReadable(world);
  const erasedProofs = await proofsOf(world, after, plan);
  for (const [key, slot] of slots) {
    const live = liveProofs.get(key);
    const proven = erasedProofs.get(key);
    if (live === undefined || proven === undefined) throw new Violation('unproved', key);
    const { tree, position } = live;
    const verdict = verifyErasure({
      tree,
      position,
      dekCommitment: slot.dekCommitment,
      intentIndex: plan.intentIndex,
      before: { head: before, proof: live.proof },
      after: { head: after, proof: proven.proof },
    });
    if (!Object.values(verdict).every(Boolean)) {
      throw new Violation('unproved', `${key} ${JSON.stringify(verdict)}`);
    }
  }
  if (slots.size !== liveProofs.size) throw new Violation('unproved', 'a slot was not reported');
}

type Flipped = { readonly after: MapHead; readonly slots: Map<string, ErasedSlot> };

async function throughCrashes<Tx>(
  world: World<Tx>,
  { plan, crashes, between, drive }: EpochRun,
): Promise<Flipped> {
  const points = [...crashes];
  const slots = new Map<string, ErasedSlot>();
  let after: MapHead | undefined;
  const hooks: EpochHooks<Tx> = {
    fence: async () => undefined,
    erased: async (erased) => {
      for (const slot of erased) slots.set(`${slot.tenantId}/${slot.position}`, slot);
    },
    flipped: async ({ mapHead }) => {
      after = mapHead;
    },
  };
  for (;;) {
    const { parts } = world.instance(crashing(world, points));
    try {
      await drive(parts, plan, { hooks, between });
      if (after === undefined) throw new Violation('unproved', 'no flip');
      return { after, slots };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

async function proofsOf<Tx>(
  { store }: World<Tx>,
  head: MapHead,
  { items }: ErasurePlan,
): Promise<Map<string, ProvenSlot>> {
  const proofs = new Map<string, ProvenSlot>();
  for (const [tenantId, positions] of items) {
    for await (const proven of proveSlots(store, head, { tenantId, positions })) {
      proofs.set(`${tenantId}/${proven.position}`, proven);
    }
  }
  return proofs;
}

function moveToErased<Tx>({ living, erased }: World<Tx>, { items }: ErasurePlan): void {
  for (const [tenantId, positions] of items) {
    const gone = erased.get(tenantId) ?? new Map<number, string>();
    erased.set(tenantId, gone);
    for (const position of positions) {
      gone.set(position, living.get(tenantId)?.get(position) as string);
      living.get(tenantId)?.delete(position);
    }
  }
}

async function assertUnreachable<Tx>({ archive, erased }: World<Tx>): Promise<void> {
  const reachable = await archive.reachable();
  for (const [tenantId, keys] of erased) {
    for (const [position, key] of keys) {
      if (reachable.has(key)) throw new Violation('reachable', `${tenantId}/${position}`);
    }
  }
}

async function assertReadable<Tx>({ instance, living, erased }: World<Tx>): Promise<void> {
  const tree = instance();
  for (const [tenantId, given] of living) {
    const gone = [...(erased.get(tenantId)?.keys() ?? [])];
    const keys = await tree.keysOf(tenantId, [...given.keys(), ...gone]);
    for (const [position, key] of given) {
      if (keys.get(position)?.export().toString('hex') !== key) {
        throw new Violation('lost', `${tenantId}/${position}`);
      }
    }
    const back = gone.find((position) => keys.has(position));
    if (back !== undefined) throw new Violation('reachable', `${tenantId}/${back}`);
  }
}
