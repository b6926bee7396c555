import type { ControlEvent } from '@mnv/protocol';
import type { EvidenceHead } from '../src/index.ts';
import { hash } from './certificate-world.ts';
import type { World } from './certificate-world.ts';
import type { Telling } from './false-stories.ts';
import {
  DAY,
  destroyed,
  disabled,
  fenced,
  filler,
  flipped,
  intent,
  refOf,
  replaced,
  rewritten,
  rootCreated,
  rotation,
  scheduled,
  verifiedCopy,
} from './hostile-issuer.ts';

/** The entry after the approvals and before the intent. */
const beforeIntent = ({ head }: World) => head.indices.intent - 1;

const held = (world: World): ControlEvent => ({
  op: 'disposal.held',
  batch: world.head.batchHash,
  by: hash(),
});

/** Found only when the whole control log is replayed. */
export const FALSE_HISTORIES: readonly Telling[] = [
  [
    'that was held after the approvals',
    (world) => ({ entries: replaced(world.log.entries, beforeIntent(world), held(world)) }),
    ['P6 approvals-missing'],
  ],
  [
    'that was stopped after the approvals',
    (world) => ({
      entries: replaced(world.log.entries, beforeIntent(world), {
        op: 'disposal.stopped',
        batch: world.head.batchHash,
      }),
    }),
    ['P6 approvals-missing'],
  ],
  [
    'that was asked for anew after the approvals',
    (world) => ({
      entries: replaced(world.log.entries, beforeIntent(world), {
        op: 'disposal.requested',
        batch: world.head.batchHash,
        cnt: 2,
        by: hash(),
      }),
    }),
    ['P6 approvals-missing'],
  ],
  [
    'that was held when it was erased',
    (world) => ({ later: [held(world)] }),
    ['P6 batch-erased-before'],
  ],
  [
    'that was asked for again when it was erased',
    (world) => ({
      later: [{ op: 'disposal.requested', batch: world.head.batchHash, cnt: 2, by: hash() }],
    }),
    ['P6 batch-erased-before'],
  ],
  [
    'that tells of a batch nobody asked for',
    () => ({ later: [{ op: 'disposal.approved', batch: hash(), by: hash() }] }),
    ['P6 batch-unknown'],
  ],
  [
    'whose epoch erased more keys than its batches have',
    (world) => {
      const { intent: begun, erased } = world.head.indices;
      const more = rewritten(world.log.entries, begun, { cnt: 9 });
      return { entries: rewritten(more, erased, { cnt: 9 }) };
    },
    ['P6 count-differs'],
  ],
  [
    'beside whose batch another one was not approved',
    (world) => ({ entries: replaced(world.log.entries, 4, filler()) }),
    ['P6 approvals-missing'],
  ],
  [
    'whose old root was not taken out of use',
    (world) => ({ entries: replaced(world.log.entries, world.head.indices.flipped + 1, filler()) }),
    ['P6 old-root-in-use'],
  ],
  [
    'whose epoch flipped twice',
    () => ({ later: [flipped(2)] }),
    ['P6 flip-out-of-order', 'P6 flip-to-other-root'],
  ],
  [
    'whose tree went back to the old root',
    () => ({ later: [intent(3), rootCreated(3), flipped(3, 1)] }),
    ['P6 flip-to-other-root', 'P6 sealed-under-dead-root'],
  ],
  [
    'whose tree went to a root that was taken out of use',
    () => ({ later: [intent(3), rootCreated(3), disabled(3), flipped(3)] }),
    ['P6 sealed-under-dead-root'],
  ],
  [
    'whose database was set back behind the erasure',
    () => ({
      later: [
        { op: 'restore.detected', epoch: 1, size: 3 },
        { op: 'restore.reconciled', epoch: 1, map: hash(), cnt: 0 },
      ],
    }),
    ['P6 tree-set-back'],
  ],
  [
    'after which keys were erased that nobody approved',
    () => ({ later: [intent(3, 5)] }),
    ['P6 approvals-missing'],
  ],
  [
    'after which two epochs ran at once',
    () => ({ later: [intent(3), intent(4)] }),
    ['P6 epochs-overlap', 'P6 intent-under-other-root'],
  ],
  [
    'after which an epoch had an old number',
    () => ({ later: [intent(2)] }),
    ['P6 epoch-went-back', 'P6 intent-under-other-root'],
  ],
  [
    'after which a root was made for no epoch',
    () => ({ later: [rootCreated(3)] }),
    ['P6 root-outside-epoch'],
  ],
  [
    'after which an epoch ended without a fence',
    () => ({
      later: [intent(3), rootCreated(3), flipped(3), { op: 'erasure.rotated', epoch: 3, cnt: 0 }],
    }),
    ['P6 end-out-of-order'],
  ],
  [
    'after which a rotation left keys under the old root',
    () => ({ later: rotation(3).with(-1, { op: 'erasure.rotated', epoch: 3, cnt: 4 }) }),
    ['P6 count-differs'],
  ],
  [
    'after which an epoch was given up behind its flip',
    () => ({ later: [...rotation(3).slice(0, 3), { op: 'erasure.aborted', epoch: 3 }] }),
    ['P6 abort-out-of-order'],
  ],
  [
    'after which a fence was confirmed by nobody',
    () => ({ later: rotation(3).with(4, { op: 'erasure.fenced', epoch: 3, cnt: 0 }) }),
    ['P6 fence-of-nobody'],
  ],
  [
    'after which a fence came from nowhere',
    () => ({ later: [fenced(2)] }),
    ['P6 fence-out-of-order'],
  ],
  [
    'after which the root in use was destroyed',
    () => ({ later: [verifiedCopy(2), scheduled(2)] }),
    ['P6 root-in-use-retired'],
  ],
  [
    'after which a root was to be destroyed without a copy of the tree',
    () => ({ later: [scheduled(1)] }),
    ['P6 destroyed-without-copy'],
  ],
  [
    'after which a copy of the old tree was taken for one of the new',
    () => ({ later: [verifiedCopy(1), scheduled(1)] }),
    ['P6 destroyed-without-copy'],
  ],
  [
    'after which roots were destroyed out of order',
    () => ({ later: [...rotation(3), verifiedCopy(3), scheduled(2), destroyed(2)] }),
    ['P6 destroyed-out-of-order'],
  ],
  [
    'after which a root was destroyed before its time',
    (world) => ({
      later: [verifiedCopy(2), scheduled(1, world.log.now() + 90 * DAY), destroyed(1)],
    }),
    ['P6 destroyed-early'],
  ],
  [
    'after which an unknown root was destroyed',
    () => ({ later: [destroyed(9)] }),
    ['P6 root-unknown'],
  ],
  [
    'after which a root was destroyed twice',
    () => ({ later: [verifiedCopy(2), scheduled(1), destroyed(1), destroyed(1)] }),
    ['P6 root-destroyed-before'],
  ],
  [
    'whose issue is recorded for another batch',
    () => ({ issuedFor: hash() }),
    ['P6 entry-differs'],
  ],
  [
    'that leaves out a root which still exists',
    (world) => ({ head: { ...world.head, roots: world.head.roots.slice(1) } }),
    ['C1 roots-differ'],
  ],
  [
    'that lists a root nobody made',
    (world) => {
      const [first] = world.head.roots as [EvidenceHead['roots'][number]];
      const roots = [{ ...first, ref: refOf(0) }, ...world.head.roots];
      return { head: { ...world.head, roots } };
    },
    ['C1 roots-differ'],
  ],
];
