import { mapHeadAsEvidence, slotProofAsEvidence } from '@mnv/disposal-certificate';
import type {
  EvidenceHead,
  EvidenceItem,
  EvidencePerson,
  EvidenceRoot,
} from '@mnv/disposal-certificate';
import { Refusal } from '@mnv/core';
import { rootLabel } from '@mnv/erasure-tree';
import type { EpochBatch, EpochJob } from '../epoch/epoch-job.ts';
import type { KeptItem } from '../epoch/epoch-item.repository.ts';
import { proofFromBytes } from '../epoch/proof-bytes.ts';
import type { NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct } from './disposal.ts';
import { requireDisposal } from './require-disposal.ts';

const ITEMS_AT_ONCE = 200;

export type EvidenceDependencies = {
  deployment: string;
  findDisposal(named: NamedDisposal): Promise<Disposal | undefined>;
  findActs(named: NamedDisposal): Promise<DisposalAct[]>;
  findJob(epoch: number): Promise<EpochJob | undefined>;
  batchesOf(epoch: number): Promise<EpochBatch[]>;
  livingRoots(): Promise<EvidenceRoot[]>;
  readItems(named: NamedDisposal, range: { from: number; limit: number }): Promise<KeptItem[]>;
};

export type ShowEvidence = (
  named: NamedDisposal,
) => Promise<{ head: EvidenceHead; items: AsyncGenerator<EvidenceItem> }>;

/**
 * Everything a certificate is made of, as the epoch left it. Names the persons who asked and approved, for
 * they are named in the certificate.
 * @throws Refusal `disposal-closed` before the epoch is over
 */
export function makeShowEvidence(deps: EvidenceDependencies): ShowEvidence {
  return async (named) => {
    const disposal = await requireDisposal(named, deps);
    const job = disposal.epoch === undefined ? undefined : await deps.findJob(disposal.epoch);
    if (disposal.state !== 'erased' || !job)
      throw new Refusal('disposal-closed', 'The disposal is not erased yet.');
    return { head: await headOf(disposal, job, deps), items: itemsOf(disposal, deps) };
  };
}

async function headOf(
  disposal: Disposal,
  job: EpochJob,
  deps: EvidenceDependencies,
): Promise<EvidenceHead> {
  const { disposalId, tenantId, caseId, batchHash, count } = disposal;
  const acts = await deps.findActs(disposal);
  const leaves = (await deps.batchesOf(job.epoch)).map((batch) => batch.batchHash);
  const requested = acts.find((act) => act.kind === 'requested');
  const [first, second] = disposal.approvals.map((index) =>
    acts.find((act) => act.index === index),
  );
  const { mapBefore, mapAfter } = job;
  if (!requested || !first || !second || !mapBefore || !mapAfter)
    throw new Error('an erased batch lacks what it rests on');
  return {
    v: 1,
    deployment: deps.deployment,
    disposalId,
    tenantId,
    caseId,
    batchHash,
    count,
    epoch: job.epoch,
    manifest: { leaves, at: leaves.indexOf(batchHash) },
    by: { requested: personIn(requested), approved: [personIn(first), personIn(second)] },
    indices: {
      requested: requested.index,
      approved: [first.index, second.index],
      intent: placed(job.intentIndex),
      rootCreated: placed(job.rootIndex),
      flipped: placed(job.flippedIndex),
      fenced: placed(job.fencedIndex),
      erased: placed(job.doneIndex),
    },
    mapBefore: mapHeadAsEvidence(mapBefore),
    mapAfter: mapHeadAsEvidence(mapAfter),
    roots: await deps.livingRoots(),
    rootFrom: job.rootFrom,
    rootTo: rootLabel(deps.deployment, job.epoch),
  };
}

async function* itemsOf(
  disposal: Disposal,
  deps: EvidenceDependencies,
): AsyncGenerator<EvidenceItem> {
  for (let from = 0; from < disposal.count; from += ITEMS_AT_ONCE) {
    const items = await deps.readItems(disposal, { from, limit: ITEMS_AT_ONCE });
    for (const item of items) yield itemLine(item);
  }
}

function itemLine(item: KeptItem): EvidenceItem {
  const { recordId, tree, position, dekCommitment, proofBefore, proofAfter, egress } = item;
  if (!dekCommitment || !proofBefore || !proofAfter || !egress)
    throw new Error('an erased record lacks its evidence');
  return {
    recordId,
    tree,
    position,
    dekCommitment: dekCommitment.toString('base64url'),
    before: slotProofAsEvidence(proofFromBytes(proofBefore)),
    after: slotProofAsEvidence(proofFromBytes(proofAfter)),
    egress,
  };
}

function personIn({ iss, sub, nonce, index }: DisposalAct): EvidencePerson {
  return { iss, sub, nonce, index };
}

function placed(index: number | undefined): number {
  if (index === undefined) throw new Error('an epoch that is done lacks an entry');
  return index;
}
