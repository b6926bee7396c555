import { commitTo, disposalActorText, manifestHashOf } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import type { EvidenceHead, EvidencePerson } from '../src/index.ts';
import { hash, tenantId } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import { DAY, filler, refOf, replaced, rewritten } from './hostile-issuer.ts';
import type { Story } from './hostile-issuer.ts';

/** A lie, and what must be found. */
export type Telling = [name: string, story: (world: World) => Story, found: string[]];

/** The entry after the approvals and before the intent. */
const beforeIntent = ({ head }: World) => head.indices.intent - 1;

/** The commitment of an approval opened as somebody else's. */
function approvedBy(world: World, which: 0 | 1, { iss, sub }: EvidencePerson): Story {
  const { commitment, nonce } = commitTo(disposalActorText({ iss, sub, tenantId }));
  const index = world.head.indices.approved[which];
  const approved = world.head.by.approved.with(which, { iss, sub, nonce, index });
  const head = { ...world.head, by: { ...world.head.by, approved } } as EvidenceHead;
  return { entries: rewritten(world.log.entries, index, { by: commitment }), head };
}

/** Found with the trust policy alone. */
export const FALSE_STORIES: readonly Telling[] = [
  [
    'whose requester approved',
    (world) => approvedBy(world, 0, world.head.by.requested),
    ['P1 persons-not-distinct'],
  ],
  [
    'that one person approved twice',
    (world) => approvedBy(world, 1, world.head.by.approved[0]),
    ['P1 persons-not-distinct'],
  ],
  [
    'whose second approver is named otherwise',
    (world) => {
      const [first, second] = world.head.by.approved;
      const approved: [EvidencePerson, EvidencePerson] = [first, { ...second, sub: 'somebody' }];
      return { head: { ...world.head, by: { ...world.head.by, approved } } };
    },
    ['P1 person-unopened'],
  ],
  [
    'whose requester is named otherwise',
    (world) => {
      const { requested } = world.head.by;
      const by = { ...world.head.by, requested: { ...requested, sub: 'somebody' } };
      return { head: { ...world.head, by } };
    },
    ['P1 person-unopened'],
  ],
  [
    'that is for another tenant',
    (world) => ({ head: { ...world.head, tenantId: 't-002' } }),
    ['P1 person-unopened'],
  ],
  [
    'whose approval is older than fourteen days',
    (world) => ({
      entries: world.log.entries.map((entry, index) =>
        index < beforeIntent(world) ? { ...entry, t: entry.t - 15 * DAY } : entry,
      ),
    }),
    ['P1 approval-expired'],
  ],
  [
    'whose approval is for another batch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.approved[1], { batch: hash() }),
    }),
    ['P1 entry-differs', 'P4 batch-differs'],
  ],
  [
    'whose request is for another batch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.requested, { batch: hash() }),
    }),
    ['P1 entry-differs', 'P4 batch-differs'],
  ],
  [
    'whose request is for fewer records',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.requested, { cnt: 1 }),
    }),
    ['P1 entry-differs', 'P4 batch-differs'],
  ],
  [
    'whose approval is none',
    (world) => ({ entries: replaced(world.log.entries, world.head.indices.approved[0], filler()) }),
    ['P1 entry-differs', 'P2 entry-unproven', 'P4 entry-unproven'],
  ],
  [
    'that counts one approval twice',
    (world) => {
      const [first] = world.head.indices.approved;
      return {
        head: { ...world.head, indices: { ...world.head.indices, approved: [first, first] } },
      };
    },
    ['P1 order-broken', 'P2 entry-unproven', 'P4 entry-unproven'],
  ],
  [
    'whose batch the intent does not hold',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.intent, { manifest: hash() }),
    }),
    ['P4 manifest-differs'],
  ],
  [
    'whose batch stands twice in the manifest',
    (world) => {
      const { manifest, indices } = world.head;
      const leaves = [...manifest.leaves, world.head.batchHash];
      const announced = { manifest: manifestHashOf(leaves) };
      return {
        entries: rewritten(world.log.entries, indices.intent, announced),
        head: { ...world.head, manifest: { ...manifest, leaves } },
      };
    },
    ['P4 record-repeated'],
  ],
  [
    'whose intent is for fewer keys than the batch has',
    (world) => {
      const { intent, erased } = world.head.indices;
      const fewer = rewritten(world.log.entries, intent, { cnt: 1 });
      return { entries: rewritten(fewer, erased, { cnt: 1 }) };
    },
    ['P4 manifest-differs'],
  ],
  [
    'whose batch stands elsewhere in the manifest',
    (world) => ({ head: { ...world.head, manifest: { ...world.head.manifest, at: 0 } } }),
    ['P4 manifest-differs'],
  ],
  [
    'whose keys were LIVE in another map than the announced one',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.intent, { map: hash() }),
    }),
    ['P2 map-differs'],
  ],
  [
    'whose keys are ERASED in another map than the one of the flip',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.flipped, { map: hash() }),
    }),
    ['P2 map-differs'],
  ],
  [
    'that flipped to another root',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.flipped, { root: refOf(1) }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that flipped in another epoch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.flipped, { epoch: 3 }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that began in another epoch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.intent, { epoch: 3 }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'whose root is another one',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.rootCreated, { root: refOf(7) }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that fenced in another epoch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.fenced, { epoch: 3 }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that ended in another epoch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.erased, { epoch: 3 }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that began under another root',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.intent, { root: refOf(7) }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'whose root was made for another epoch',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.rootCreated, { epoch: 3 }),
    }),
    ['P1 entry-differs'],
  ],
  [
    'that nobody confirmed the fence of',
    (world) => ({ entries: rewritten(world.log.entries, world.head.indices.fenced, { cnt: 0 }) }),
    ['P1 entry-differs'],
  ],
  [
    'that erased fewer keys than announced',
    (world) => ({ entries: rewritten(world.log.entries, world.head.indices.erased, { cnt: 1 }) }),
    ['P1 entry-differs'],
  ],
  [
    'whose clock went back',
    (world) => ({
      entries: rewritten(world.log.entries, world.head.indices.fenced, {
        t: (world.log.entries[0] as ControlEntry).t,
      }),
    }),
    ['P1 order-broken'],
  ],
  [
    'that fenced before it flipped, in the same instant',
    (world) => {
      const { indices } = world.head;
      const [flip, fence] = [world.log.entries[indices.flipped], world.log.entries[indices.fenced]];
      const exchanged = world.log.entries
        .with(indices.fenced, { ...flip, t: fence?.t } as ControlEntry)
        .with(indices.flipped, { ...fence } as ControlEntry);
      return {
        entries: rewritten(exchanged, indices.flipped + 1, { t: fence?.t }),
        head: {
          ...world.head,
          indices: { ...indices, flipped: indices.fenced, fenced: indices.flipped },
        },
      };
    },
    ['P1 order-broken'],
  ],
  [
    'whose approvals are named in another order',
    (world) => {
      const [first, second] = world.head.indices.approved;
      const [one, two] = world.head.by.approved;
      return {
        head: {
          ...world.head,
          by: { ...world.head.by, approved: [two, one] },
          indices: { ...world.head.indices, approved: [second, first] },
        },
      };
    },
    ['P1 order-broken'],
  ],
  [
    'that rests on an entry in another form than the exact one',
    (world) => ({ spoilt: world.head.indices.fenced }),
    ['P1 entry-malformed', 'P2 entry-unproven', 'P4 entry-unproven'],
  ],
  [
    'that no witness saw',
    () => ({ witnessed: false }),
    ['P1 checkpoint-not-accepted', 'P2 entry-unproven', 'P4 entry-unproven'],
  ],
  [
    'that was issued before the erasure',
    (world) => {
      const t = world.log.now() + 10 * 60_000;
      return { entries: rewritten(world.log.entries, world.head.indices.erased, { t }), at: t };
    },
    ['P1 issued-before-erased'],
  ],
  [
    'whose erasure is later than its witness',
    (world) => ({
      at: (world.log.entries[world.head.indices.erased] as ControlEntry).t - 10 * 60_000,
    }),
    ['P1 after-witness'],
  ],
];
