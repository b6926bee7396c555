import { proveSlots, verifyErasure } from '@mnv/erasure-tree';
import type { MapHead } from '@mnv/erasure-tree';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { KeptItem } from './epoch-item.repository.ts';
import type { EpochBatch, EpochJob } from './epoch-job.ts';
import { proofFromBytes, proofToBytes } from './proof-bytes.ts';

const AT_ONCE = 500;

/** Keeps the proof of every item of a batch under a map head, which is the newest one. */
export async function keepProofsOf(
  job: EpochJob,
  batch: EpochBatch,
  { when, head, deps }: { when: 'before' | 'after'; head: MapHead; deps: EpochDependencies },
): Promise<void> {
  const { store } = deps.tree.parts;
  const positions = await deps.positionsOf(batch);
  for (let from = 0; from < positions.length; from += AT_ONCE) {
    const some = positions.slice(from, from + AT_ONCE);
    const proofs = [];
    for await (const { position, proof } of proveSlots(store, head, {
      tenantId: batch.tenantId,
      positions: some,
    }))
      proofs.push({ position, proof: proofToBytes(proof) });
    await deps.keepProofs(job, batch, { when, proofs });
  }
}

/**
 * Verifies what a certificate will say of each record: LIVE before, ERASED after, every key on the path
 * another one. Throws an Error when it is not so: then nothing may be called erased.
 */
export async function requireErased(
  job: EpochJob,
  batch: EpochBatch,
  deps: EpochDependencies,
): Promise<void> {
  for (let from = 0; from < batch.count; from += AT_ONCE) {
    const items = await deps.readItems(batch, { from, limit: AT_ONCE });
    if (!items.length || !items.every((item) => isErased(item, job)))
      throw new Error('the maps do not show an item erased');
  }
}

function isErased(item: KeptItem, { mapBefore, mapAfter, intentIndex }: EpochJob): boolean {
  const { dekCommitment, proofBefore, proofAfter, tree, position } = item;
  if (!dekCommitment || !proofBefore || !proofAfter) return false;
  if (!mapBefore || !mapAfter || intentIndex === undefined) return false;
  const { liveBefore, erasedAfter, keysChanged } = verifyErasure({
    tree,
    position,
    dekCommitment,
    intentIndex,
    before: { head: mapBefore, proof: proofFromBytes(proofBefore) },
    after: { head: mapAfter, proof: proofFromBytes(proofAfter) },
  });
  return liveBefore && erasedAfter && keysChanged;
}
