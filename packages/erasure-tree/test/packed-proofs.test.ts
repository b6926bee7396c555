import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  keysOfProvenMap,
  memoryStore,
  packSlotProofs,
  placeKey,
  proveSlots,
  provesSlot,
  refreshMap,
} from '../src/index.ts';
import type { MapHead, MapProof, ProvenSlot, SlotState } from '../src/index.ts';
import { naiveDekCommitment } from './contract/naive-map.ts';
import { treeWorld } from './contract/world.ts';

const tenantId = 't-001';
const COUNT = 64 * 64 + 70;

type Live = Extract<SlotState, { state: 'live' }>;
let head: MapHead;
let proofs: readonly ProvenSlot[];
let slots: readonly Live[];

beforeAll(async () => {
  const world = await treeWorld(memoryStore());
  for (const tenant of ['t-000', tenantId, 't-002']) await world.addTenant(tenant);
  for (let left = COUNT; left > 0; left -= 512) await world.allocate(tenantId, Math.min(512, left));
  head = await refreshMap(world.instance().parts, async () => undefined);
  const positions = [...(world.living.get(tenantId)?.keys() ?? [])];
  const proven: ProvenSlot[] = [];
  for await (const one of proveSlots(world.store, head, { tenantId, positions })) proven.push(one);
  proofs = proven;
  slots = proven.map(({ position }) => ({
    state: 'live',
    position,
    dekCommitment: naiveDekCommitment(
      tenantId,
      position,
      world.living.get(tenantId)?.get(position) as string,
    ),
  }));
});

/** Some positions, near each other and far. */
const choice = fc.oneof(
  fc.uniqueArray(fc.nat(COUNT - 1), { minLength: 1, maxLength: 40 }),
  fc
    .tuple(fc.nat(COUNT - 1), fc.integer({ min: 1, max: 200 }))
    .map(([from, n]) => Array.from({ length: Math.min(n, COUNT - from) }, (_, at) => from + at)),
);
const pick = <T>(all: readonly T[], chosen: readonly number[]): T[] =>
  chosen.map((at) => all[at] as T);
const claimOf = (chosen: readonly number[]) => ({
  tree: proofs[0]?.tree as number,
  slots: pick(slots, chosen),
  proof: packSlotProofs(pick(proofs, chosen)),
});
const hashesOf = ({ nodes }: MapProof) =>
  nodes.flatMap(({ keyCommitment, siblings }) => [keyCommitment, ...siblings]);

describe('proofs of many slots, each node once', () => {
  it('prove whatever slots were chosen, with the keys on their ways', () => {
    fc.assert(
      fc.property(choice, (chosen) => {
        const claim = claimOf(chosen);
        const keys = keysOfProvenMap(head, claim);
        expect(keys?.size).toBe(claim.proof.nodes.length);
        for (const one of pick(proofs, chosen)) {
          const leaf = { tree: one.tree, level: 0, index: Math.floor(one.position / 64) };
          expect(keys?.get(placeKey(leaf))).toEqual(one.proof.steps[0]?.keyCommitment);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('do not depend on the order of the slots', () => {
    const chosen = [4000, 1, 64, 0, 2];
    expect(claimOf(chosen).proof).toEqual(claimOf(chosen.toSorted((a, b) => a - b)).proof);
  });

  it('say what the single proofs say', () => {
    const chosen = [0, 7, 4100];
    const [tree] = proofs.map((one) => one.tree);
    for (const at of chosen) {
      const slot = slots[at] as Live;
      const { proof, position } = proofs[at] as ProvenSlot;
      expect(provesSlot(head, { tree: tree as number, position, slot, proof })).toBe(true);
    }
    expect(keysOfProvenMap(head, claimOf(chosen))).toBeDefined();
  });

  it('hold few hashes when whole leaves are proved, and seven a node for one slot', () => {
    const whole = claimOf(Array.from({ length: 640 }, (_, at) => at)).proof;
    expect(hashesOf(whole).length).toBeLessThan(80);
    expect(hashesOf(claimOf([5]).proof)).toHaveLength((3 + 1 + 3) * 7);
  });

  it('fail with any hash altered, any node left out, repeated or moved', () => {
    const claim = claimOf([0, 1, 63, 64, 4095, 4096]);
    const { nodes } = claim.proof;
    const proves = (changed: MapProof['nodes']) =>
      keysOfProvenMap(head, { ...claim, proof: { ...claim.proof, nodes: changed } }) !== undefined;
    expect(proves(nodes)).toBe(true);
    const wrong = Buffer.alloc(32, 1);
    nodes.forEach((node, at) => {
      const others = { keyCommitment: wrong, place: { ...node.place, index: 77 } };
      for (const [member, value] of Object.entries(others))
        expect(proves(nodes.with(at, { ...node, [member]: value }))).toBe(false);
      node.siblings.forEach((_, sibling) => {
        const turned = { ...node, siblings: node.siblings.with(sibling, wrong) };
        const dropped = { ...node, siblings: node.siblings.toSpliced(sibling, 1) };
        const added = { ...node, siblings: node.siblings.toSpliced(sibling, 0, wrong) };
        for (const changed of [turned, dropped, added])
          expect(proves(nodes.with(at, changed))).toBe(false);
      });
      expect(proves(nodes.toSpliced(at, 1))).toBe(false);
      expect(proves(nodes.toSpliced(at, 0, node))).toBe(false);
    });
    expect(proves(nodes.toReversed())).toBe(false);
    expect(proves([])).toBe(false);
  });

  it('fail for another slot, tree, height or head, for a slot too many and a slot twice', () => {
    const claim = claimOf([3, 70]);
    const [first, second] = claim.slots as [Live, Live];
    const other = slots[4] as Live;
    const gone = { ...first, state: 'erased' as const, erasedEpoch: 2, intentIndex: 1 };
    const changed = [
      { ...claim, tree: claim.tree + 1 },
      { ...claim, proof: { ...claim.proof, height: claim.proof.height + 1 } },
      { ...claim, slots: [] },
      { ...claim, slots: [first] },
      { ...claim, slots: [first, first] },
      { ...claim, slots: [first, second, second] },
      { ...claim, slots: [first, second, other] },
      { ...claim, slots: [other, second] },
      { ...claim, slots: [{ ...first, dekCommitment: second.dekCommitment }, second] },
      { ...claim, slots: [gone, second] },
      { ...claim, slots: [{ ...first, position: first.position + 0.5 }, second] },
    ];
    for (const one of changed) expect(keysOfProvenMap(head, one)).toBeUndefined();
    for (const otherHead of [
      { ...head, nodeHash: Buffer.alloc(32) },
      { ...head, topKeyCommitment: Buffer.alloc(32) },
    ])
      expect(keysOfProvenMap(otherHead, claim)).toBeUndefined();
  });

  it('are made of proofs of one tree alone', () => {
    const [one] = proofs as [ProvenSlot];
    expect(() => packSlotProofs([])).toThrow(TypeError);
    expect(() => packSlotProofs([one, { ...one, tree: one.tree + 1 }])).toThrow(TypeError);
    const taller = { ...one, proof: { ...one.proof, height: one.proof.height + 1 } };
    expect(() => packSlotProofs([one, taller])).toThrow(TypeError);
    expect(() => packSlotProofs([taller])).toThrow(TypeError);
  });
});
